import json

from ..process import Server
from ..shell import expect
from .sample import request


def check_breast_cancer(image, figures):
    """A transformer that is no native file, with its model in the image."""
    with figures.started(lambda: Server(image, ["--model_name", "breast-cancer"])) as container:
        answer = container.call("/v1/models/breast-cancer:predict", request("v1.json"))
        labels = [p["label"] for p in answer["predictions"]]
        expect(labels == ["malignant", "malignant", "benign"], "labels: " + json.dumps(labels))
        expect(container.stop() == 0, "it ended with an error: " + container.logged())
