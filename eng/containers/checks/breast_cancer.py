"""A transformer that is no native file, with its model in the image."""
import json

from ..process import Server
from ..shell import expect
from .sample import request


def start(image):
    return Server(image, ["--model_name", "breast-cancer"])


def measurements_get_their_labels(image):
    with start(image) as server:
        answer = server.call("/v1/models/breast-cancer:predict", request("v1.json"))
        labels = [p["label"] for p in answer["predictions"]]
        expect(labels == ["malignant", "malignant", "benign"], "labels: " + json.dumps(labels))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())


CASES = [measurements_get_their_labels]
