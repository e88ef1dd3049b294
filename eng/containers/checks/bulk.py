"""The explainer's image as a job: `fit` makes an artefact, `explain` works through a file of rows as deploy/ does it."""
import contextlib, json, os, re, tempfile

from ..images import REPOSITORY
from ..predictor import Predictor
from ..process import Container
from ..shell import expect
from .explainer import arguments as kserve_arguments, large_nuclei, without_model
from .sample import MODEL

MANIFEST = os.path.join(REPOSITORY, "deploy/bulk-explain-job.yaml")
USER, PARTS, ROWS = 1654, 4, 12


@contextlib.contextmanager
def folders(*names):
    """Folders as volumes with the group of the pod: here, the user's own."""
    with tempfile.TemporaryDirectory() as parent:
        os.chmod(parent, 0o755)
        made = [os.path.join(parent, name) for name in names]
        for folder in made:
            os.mkdir(folder)
            os.chown(folder, USER, USER)
        yield made


def job():
    """The arguments and the variables of the manifest's container."""
    with open(MANIFEST) as file:
        text = file.read()
    args = re.search(r"\n( +)args:\n((?:\1 +.*\n)+)", text)[2]
    expect(f"- name: JOB_COMPLETIONS\n              value: \"{PARTS}\"" in text, "the manifest's number of parts")
    for place, access in (("/mnt/models", True), ("/data", True), ("/results", False)):
        mount = re.search(f"mountPath: {place}\n( +readOnly: true\n)?", text)
        expect(mount and bool(mount[1]) == access, "the manifest's mount " + place)
    return re.findall(r"^ +- ([^#\s]+)", args, re.MULTILINE)


def run(image, arguments, mounts, environment=None):
    """Runs to the end: exit code and what it said."""
    with Container(image, arguments, mounts, environment) as container:
        return container.wait(120), container.logged()


def first_rows(folder, number, spoil=None):
    with open(os.path.join(MODEL, "train.csv")) as train:
        lines = [next(train) for _ in range(number + 1)]
    if spoil is not None:
        lines[spoil + 1] = "much" + lines[spoil + 1][lines[spoil + 1].index(","):]
    with open(os.path.join(folder, "rows.csv"), "w") as file:
        file.writelines(lines)


def explained(results, name):
    with open(os.path.join(results, name)) as file:
        return [json.loads(line) for line in file]


def fit_writes_an_artefact_that_explain_reads(image):
    with folders("training", "artefacts", "data", "results") as (training, artefacts, data, results):
        for file in ("train.csv", "model.onnx"):
            with open(os.path.join(MODEL, file), "rb") as source, open(os.path.join(training, file), "wb") as target:
                target.write(source.read())
        fit = ["fit", "--data=/data/train.csv", "--model=/data/model.onnx", "--classes=malignant,benign", "--output=/results/artefact"]
        mounts = [(training, "/data"), (artefacts, "/results", "rw")]
        code, said = run(image, fit, mounts)
        expect(code == 0, f"fit ended with {code}: {said}")
        expect("model.onnx" in os.listdir(artefacts + "/artefact") and os.stat(artefacts + "/artefact").st_uid == USER, "the artefact")
        code, said = run(image, fit, mounts)
        expect(code == 1 and "--force" in said, f"an artefact in the way: {code}, {said}")
        code, said = run(image, [*fit[:-1], "--output=/artefact"], mounts)
        expect(code == 1 and "   at " not in said, f"no place to write: {code}, {said}")
        code, said = run(image, [*fit, "--colour=red"], mounts)
        expect(code == 2 and "colour" in said, f"an unknown flag: {code}, {said}")

        first_rows(data, 2)
        code, said = run(image, ["explain", "--input=/data/rows.csv", "--output=/results/out.jsonl", "--explainer=Shap"],
                         [(artefacts + "/artefact", "/mnt/models"), (data, "/data"), (results, "/results", "rw")])
        expect(code == 0 and len(explained(results, "out.jsonl")) == 2, f"explain ended with {code}: {said}")


def job_of_the_manifest_explains_every_row_once(image):
    with folders("data", "results") as (data, results):
        first_rows(data, ROWS, spoil=5)
        codes = []
        for part in range(PARTS):
            variables = {"JOB_COMPLETION_INDEX": str(part), "JOB_COMPLETIONS": str(PARTS)}
            code, said = run(image, job(), [(MODEL, "/mnt/models"), (data, "/data"), (results, "/results", "rw")], variables)
            expect(code in (0, 3), f"part {part} ended with {code}: {said}")
            codes.append(code)
        expect(codes == [0, 3, 0, 0], f"the part with the spoilt row ends with 3, the others with 0: {codes}")
        rows = [line for part in range(PARTS) for line in explained(results, f"explanations-{part}.jsonl")]
        expect(sorted(line["row"] for line in rows) == list(range(ROWS)), "rows: " + json.dumps([line["row"] for line in rows]))
        expect([line["row"] for line in rows if "error" in line] == [5], "errors: " + json.dumps([line for line in rows if "error" in line]))
        expect(all(line["data"]["anchor"] is not None for line in rows if "error" not in line), "each has a rule")


def job_that_is_ended_goes_on_where_it_was(image):
    with folders("data", "results") as (data, results), tempfile.TemporaryDirectory() as copied:
        os.chmod(copied, 0o755)
        first_rows(data, ROWS)
        artefact = without_model(os.path.join(copied, "models"))
        with Predictor(large_nuclei) as predictor:
            command = [*job(), "--parallel=1", *kserve_arguments(host=predictor.host)]
            mounts = [(artefact, "/mnt/models"), (data, "/data"), (results, "/results", "rw")]
            variables = {"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "1"}
            predictor.hold()
            with Container(image, command, mounts, variables) as container:
                expect(predictor.entered.wait(60), "the predictor was not called: " + container.logged())
                container.terminate()
                predictor.go_on()
                code = container.wait(120)
                expect(code == 143, f"ended by SIGTERM it says {code}: " + container.logged())
            before = explained(results, "explanations-0.jsonl")
            expect(0 < len(before) < ROWS, f"{len(before)} rows were begun")
            code, said = run(image, command, mounts, variables)
            expect(code == 0, f"it ended with {code}: {said}")
            rows = explained(results, "explanations-0.jsonl")
            expect([line["row"] for line in rows] == list(range(ROWS)) and rows[:len(before)] == before, "rows: " + json.dumps(rows)[:500])
        code, said = run(image, [*command[:-2], "--predictor_host=127.0.0.1:1", "--output=/results/none.jsonl"], mounts, variables)
        expect(code == 1 and "   at " not in said, f"without its predictor it ended with {code}: {said}")


CASES = [fit_writes_an_artefact_that_explain_reads, job_of_the_manifest_explains_every_row_once, job_that_is_ended_goes_on_where_it_was]
