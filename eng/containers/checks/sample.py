"""The sample's artefact and requests."""
import os

from ..images import REPOSITORY

MODEL = os.path.join(REPOSITORY, "samples/BreastCancer/model")


def request(name):
    with open(os.path.join(REPOSITORY, "samples/BreastCancer/requests", name), "rb") as file:
        return file.read()
