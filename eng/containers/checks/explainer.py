import json, os, shutil, tempfile

from ..predictor import Predictor
from ..process import Server
from ..shell import expect
from .sample import MODEL, request


def check_explainer(image, figures):
    """The explainer server: with a model in its artefact, and with the predictor as the model."""
    shapley_values(image, figures)
    anchor_by_predictor(image)


def shapley_values(image, figures):
    arguments = ["Shap", "--model_name", "breast-cancer", "--predictor_host", "127.0.0.1:1"]
    with figures.started(lambda: Server(image, arguments, [(MODEL, "/mnt/models")])) as container:
        data = container.call("/v1/models/breast-cancer:explain", request("explain.json"))["data"]
        values = data["shap_values"][0][0]
        expect(len(values) == 30, "a value for each measurement: " + json.dumps(values))
        expect(max(map(abs, values)) > 0.5, "measurements count: " + json.dumps(values))
        expect(container.stop() == 0, "it ended with an error: " + container.logged())


def anchor_by_predictor(image):
    with tempfile.TemporaryDirectory() as copied:
        artefact = without_model(os.path.join(copied, "models"))
        os.chmod(copied, 0o755)
        # By the size of the nuclei alone, so the rule must speak of the first measurement.
        predictor = Predictor(lambda asked, _: {"predictions": [[1.0, 0.0] if row[0] > 15 else [0.0, 1.0] for row in asked["instances"]]})
        arguments = ["AnchorTabular", "--threshold", "0.9", "--model_name", "breast-cancer", "--predictor_host", predictor.host]
        with Server(image, arguments, [(artefact, "/mnt/models")]) as container:
            answer = container.drains(predictor, "/v1/models/breast-cancer:explain", request("explain.json"))
            expect(any("mean radius" in rule for rule in answer["data"]["anchor"]), "the rule: " + json.dumps(answer["data"]["anchor"]))


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
