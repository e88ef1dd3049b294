"""What the images of this repository must do. A case gets the laid-out image, and raises where it is not as it should be."""
import dataclasses, typing

from .. import making
from . import breast_cancer, bulk, doubler, explainer


@dataclasses.dataclass
class Expected:
    """An image: how it is made, its project, how it is started, what is tried with it, and the most it may weigh and take until it is ready."""
    make: typing.Callable
    project: str
    start: typing.Callable
    cases: list
    megabytes: float
    seconds: float


IMAGES = {
    "doubler": Expected(making.with_dockerfile, "samples/Doubler", doubler.start, doubler.CASES, 25, 0.2),
    "sidecars-explainer": Expected(making.with_dockerfile, "explainers/Sidecars.Explainers.Server", explainer.start, explainer.CASES + bulk.CASES, 120, 0.5),
    "breast-cancer": Expected(making.with_dockerfile, "samples/BreastCancer", breast_cancer.start, breast_cancer.CASES, 200, 2),
    "breast-cancer-published": Expected(making.with_sdk, "samples/BreastCancer", breast_cancer.start, breast_cancer.CASES, 200, 2),
}
