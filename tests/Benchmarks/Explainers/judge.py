#!/usr/bin/python3
"""Holds the served explainers against the kit's exact values and judges: fit, serve, ask over HTTP, compare.

usage: judge.py [--kit KIT] [--program sidecars-explainer] [--out DIR] [--anchors N] [MODEL…]

For each model an artefact is fitted from the kit's data with the kit's own background rows, the server is started on a
free port, and what it answers to POST /v1/models/NAME:explain is written in the form of the kit's evaluate_shap.py and
evaluate_anchor.py, which then judge it. Ends with 1 when a judge does. The numbers go to DIR, one line each to stdout.
Needs the kit (shared/data/explainkit beside the repository, or EXPLAINKIT) and numpy; no other package.
"""
import argparse, csv, json, os, re, subprocess, sys, tempfile, time, urllib.error, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
# Covers come from counting the training rows, which is what gradient boosting did; forests counted bootstrap samples.
COUNTED_COVERS = ("_gb", "_gbr")


def rows_of(path):
    with open(path, newline="") as file:
        header, *rows = list(csv.reader(file))
    return header, rows


class Server:
    """The server on a free port, from the line that says so to its end."""

    def __init__(self, program, artefact, *flags):
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [*program, "--http_port", "0", "--enable_grpc", "false", "--enable_access_log", "false",
             "--enable_latency_logging", "false", "--model_dir", artefact, *flags],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"Listening on http://[^ ]*?:(\d+)", line):
                self.port, self.ready = int(found[1]), time.perf_counter() - start
                break
            sys.stderr.write(line)
        else:
            raise SystemExit("the server ended instead of listening")

    def explain(self, instances, **parameters):
        body = json.dumps({"instances": instances, "parameters": parameters}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/models/model:explain", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{error.code} {error.read().decode()} for {parameters}")

    def close(self):
        self.process.terminate()
        self.process.stderr.close()
        return self.process.wait()


def explainers(model, meta):
    """All that can answer for a model."""
    kind = model[model.rindex("_"):]
    own = ["TreeShap"] if kind in ("_gb", "_rf", "_gbr", "_rfr") else ["LinearShap"] if kind == "_lr" else []
    return (["AnchorTabular"] if meta["class_names"] else []) + ["KernelShap"] + own


def fit(program, kit, model, golden, folder):
    """An artefact with the golden file's background."""
    dataset = golden["dataset"]
    meta = json.load(open(f"{kit}/data/{dataset}.meta.json"))
    train = f"{kit}/data/{dataset}.train.csv"
    header, rows = rows_of(train)
    with open(f"{folder}/background.csv", "w", newline="") as file:
        csv.writer(file).writerows([header] + [rows[i] for i in golden["background_rows"]])
    json.dump(meta["categorical_names"], open(f"{folder}/names.json", "w"))
    command = [*program, "fit", "--data", train, "--label", "label", "--model", f"{kit}/models/{model}.onnx",
               "--category_names", f"{folder}/names.json", "--background_file", f"{folder}/background.csv",
               "--output", f"{folder}/artefact", "--explainer", ",".join(explainers(model, meta))]
    if meta["class_names"]:
        command += ["--classes", ",".join(meta["class_names"])]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return f"{folder}/artefact"


def ask_for(case, model, features):
    """How a golden case is asked for: an explainer by name, and its options. None where it is not offered."""
    kind = model[model.rindex("_"):]
    trees = kind in ("_gb", "_rf", "_gbr", "_rfr")
    if case["game"] == "tree_path_dependent":
        return [dict(explainer="TreeShap", algorithm="tree_path_dependent", model_output="raw")] if kind in COUNTED_COVERS else []
    enumerated = dict(explainer="KernelShap", nsamples=2 ** features, link=case["link"]) if features <= 12 else None
    if case["output"] == "margin":
        return [dict(explainer="TreeShap" if trees else "LinearShap", model_output="raw")] if trees or kind == "_lr" else []
    asked = [enumerated] if enumerated else []
    if trees and case["link"] == "identity":
        output = "raw" if case["output"] == "value" else "probability"
        asked.append(dict(explainer="TreeShap", algorithm="interventional", model_output=output))
    return asked


def shapley(server, kit, model, golden, header, test, out):
    """Asks for every golden case; one file for each explainer that can answer it."""
    bad = False
    features = len(golden["features"])
    for case in golden["cases"]:
        for asked in ask_for(case, model, features):
            if "interactions" in case and asked["explainer"] == "TreeShap":
                asked["interactions"] = True
            started = time.perf_counter()
            answer = server.explain([test[row][:features] for row in case["rows"]], **asked)
            seconds = time.perf_counter() - started
            data, run = answer["data"], answer["meta"]["run"]
            mine = dict(output=case["output"], link=case["link"], game=case["game"], rows=case["rows"],
                        expected_value=data["expected_value"],
                        values=[[output[i] for output in data["shap_values"]] for i in range(len(case["rows"]))])
            if asked.get("interactions"):
                mine["interactions"] = [[output[i] for output in data["shap_interaction_values"]] for i in range(len(case["rows"]))]
            name = f"{out}/{model}.{asked['explainer']}.{case['output']}.{case['link']}.{case['game']}.json"
            json.dump(dict(model=model, cases=[mine]), open(name, "w"))

            # A float32 model cannot give a logit closer than this to the exact one; the schema's own figure.
            tolerance = max(1e-5, max(2e-7 / edge for edge in case["edge"])) if case["link"] == "logit" else 1e-5
            judged = subprocess.run(["/usr/bin/python3", f"{kit}/evaluate_shap.py", name], capture_output=True, text=True)
            results = json.loads(judged.stdout)["results"]["/".join((case["output"], case["link"], case["game"]))][0]
            wrong = results["max_abs_err"] > tolerance * max(1, results["max_abs_golden"]) \
                or results.get("interactions_max_abs_err", 0) > 1e-5 * max(1, results["max_abs_golden"]) \
                or not run["exact"] or residual(data, case) > 1e-6 * max(1, results["max_abs_golden"])
            bad |= wrong
            print(f"{'WRONG' if wrong else 'right'} {model} {asked['explainer']} {case['output']}/{case['link']}/{case['game']}: "
                  f"max error {results['max_abs_err']:.1e} (allowed {tolerance:.1e}, largest value {results['max_abs_golden']:.2g})"
                  + (f", interactions {results['interactions_max_abs_err']:.1e}" if "interactions_max_abs_err" in results else "")
                  + f", additivity {residual(data, case):.1e}, exact {run['exact']}, {len(case['rows'])} rows in {seconds:.2f} s", flush=True)
    return bad


def residual(data, case):
    """How far base value and values are from the answer's own prediction."""
    worst = 0
    for i in range(len(case["rows"])):
        raw = data["raw"]["raw_prediction"][i]
        raw = raw if isinstance(raw, list) else [raw]
        for output, values in enumerate(data["shap_values"]):
            worst = max(worst, abs(sum(values[i]) + data["expected_value"][output] - raw[output]))
    return worst


def anchors(server, kit, model, header, test, out, count):
    """One request a row, the rows of alibi's anchors."""
    baseline = f"{kit}/golden/anchors.alibi.{model}.jsonl"
    rows = list(dict.fromkeys(json.loads(line)["row"] for line in open(baseline)))[:count]
    found = []
    for row in rows:
        data = (answer := server.explain([test[row][:-1]], explainer="AnchorTabular"))["data"]
        run = answer["meta"]["run"]
        predicates = [{"feature": p["index"], **{k: p[k] for k in ("gt", "le") if p.get(k) is not None},
                       **({"eq": p["category"]} if "category" in p else {})} for p in data["raw"]["predicates"]]
        found.append(dict(model=model, row=row, seed=run["seed"], label=data["raw"]["prediction"][0], predicates=predicates,
                          precision=data["precision"][0] if isinstance(data["precision"], list) else data["precision"],
                          coverage=data["coverage"], status=data["status"], success=data["status"] == "met",
                          precision_interval=data["precision_interval"], predictions=run["rows"], calls=run["predictor_calls"],
                          seconds=run["elapsed_seconds"]))
    name = f"{out}/anchors.{model}.jsonl"
    with open(name, "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in found)
    judged = subprocess.run(
        ["/usr/bin/python3", f"{kit}/evaluate_anchor.py", name, "--baseline", baseline, "--lines", f"{out}/anchors.{model}.lines.jsonl"],
        capture_output=True, text=True)
    if not judged.stdout:
        raise SystemExit(judged.stderr)
    mine = json.loads(judged.stdout)[model]
    lines = [json.loads(line) for line in open(f"{out}/anchors.{model}.lines.jsonl")]
    met = [line for line in lines if line["status"] == "met"]
    kept = sum(line["true_precision"] >= 0.95 - 0.005 for line in met) / max(1, len(met))
    inside = sum(line["precision_interval"][0] - 0.003 <= line["true_precision"] <= line["precision_interval"][1] + 0.003 for line in lines) / len(lines)
    print(f"{'WRONG' if judged.returncode else 'right'} {model} AnchorTabular: {len(lines)} rows, {len(met)} met, of which {kept:.3f} truly; "
          f"interval has the truth {inside:.3f}; claim off by {mine['mine']['reported_precision_bias']:+.4f}; coverage {mine['mine']['coverage_mean']:.3f} "
          f"(alibi {mine['baseline']['coverage_mean']:.3f}); {mine['mine']['seconds_mean'] * 1000:.1f} ms", flush=True)
    return judged.returncode != 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kit", default=os.environ.get("EXPLAINKIT", f"{ROOT}/shared/data/explainkit"))
    parser.add_argument("--program", default=f"dotnet {ROOT}/explainers/Sidecars.Explainers.Server/bin/Release/net10.0/sidecars-explainer.dll")
    parser.add_argument("--out", default="artifacts/judge")
    parser.add_argument("--anchors", type=int, default=50)
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    program = options.program.split()
    os.makedirs(options.out, exist_ok=True)
    models = options.models or [name[6:-5] for name in sorted(os.listdir(f"{options.kit}/golden")) if name.startswith("exact.")]
    bad = False
    for model in models:
        golden = json.load(open(f"{options.kit}/golden/exact.{model}.json"))
        header, test = rows_of(f"{options.kit}/data/{golden['dataset']}.test.csv")
        test = [[float(cell) for cell in row] for row in test]
        with tempfile.TemporaryDirectory() as folder:
            server = Server(program, fit(program, options.kit, model, golden, folder))
            try:
                print(f"{model}: ready after {server.ready:.2f} s", flush=True)
                bad |= shapley(server, options.kit, model, golden, header, test, options.out)
                if options.anchors and os.path.exists(f"{options.kit}/golden/anchors.alibi.{model}.jsonl"):
                    bad |= anchors(server, options.kit, model, header, test, options.out, options.anchors)
            finally:
                server.close()
    return bad


if __name__ == "__main__":
    sys.exit(main())
