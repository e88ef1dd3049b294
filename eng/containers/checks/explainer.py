"""The explainer server: with a model in its artefact, and with the predictor as the model."""
import json, os, shutil, tempfile

from ..predictor import Predictor
from ..process import Server
from ..shell import expect
from .sample import MODEL, request

PATH = "/v1/models/breast-cancer:explain"
MOUNTS = [(MODEL, "/mnt/models")]


def arguments(*explainer, host="127.0.0.1:1"):
    """Those of the manifest, and behind them KServe's."""
    return [*explainer, "--model_name", "breast-cancer", "--predictor_host", host]


def start(image):
    return Server(image, arguments("Shap"), MOUNTS)


def shapley_values_of_the_artefacts_model(image):
    with start(image) as server:
        data = server.call(PATH, request("explain.json"))["data"]
        values = data["shap_values"][0][0]
        expect(len(values) == 30, "a value for each measurement: " + json.dumps(values))
        expect(max(map(abs, values)) > 0.5, "measurements count: " + json.dumps(values))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())


def anchor_of_the_artefacts_model(image):
    """The artefact's first explainer, without a word about it."""
    with Server(image, arguments(), MOUNTS) as server:
        data = server.call(PATH, request("explain.json"))["data"]
        expect(data["anchor"] and data["precision"] > 0.95, "the rule: " + json.dumps(data)[:500])


def anchor_of_the_predictors_model_while_draining(image):
    with tempfile.TemporaryDirectory() as copied:
        artefact = without_model(os.path.join(copied, "models"))
        os.chmod(copied, 0o755)
        with Predictor(large_nuclei) as predictor:
            with Server(image, arguments("AnchorTabular", "--threshold", "0.9", host=predictor.host), [(artefact, "/mnt/models")]) as server:
                answer = server.drains(predictor, PATH, request("explain.json"))
                expect(any("mean radius" in rule for rule in answer["data"]["anchor"]), "the rule: " + json.dumps(answer["data"]["anchor"]))


def artefact_that_is_not_there_ends_the_start(image):
    try:
        with Server(image, arguments("Shap")) as server:
            expect(False, "it is ready without an artefact: " + server.logged())
    except AssertionError as problem:
        expect("explainer.json" in str(problem) and "   at " not in str(problem), "what is missing: " + str(problem))


def large_nuclei(asked, _):
    """By the size of the nuclei alone, so the rule must speak of the first measurement."""
    return {"predictions": [[1.0, 0.0] if row[0] > 15 else [0.0, 1.0] for row in asked["instances"]]}


def without_model(artefact):
    """A copy of the sample's artefact, whose predictor has the model."""
    shutil.copytree(MODEL, artefact, ignore=shutil.ignore_patterns("*.onnx", "measurements.json"))
    with open(os.path.join(artefact, "explainer.json"), "r+") as file:
        document = json.load(file)
        document.pop("model", None)
        document.pop("output", None)
        file.seek(0)
        file.truncate()
        json.dump(document, file)
    return artefact


CASES = [shapley_values_of_the_artefacts_model, anchor_of_the_artefacts_model, anchor_of_the_predictors_model_while_draining,
         artefact_that_is_not_there_ends_the_start]
