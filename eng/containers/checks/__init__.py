"""What the images of this repository must do. A check gets the laid-out image and the figures to fill in."""
import dataclasses, typing

from .breast_cancer import check_breast_cancer
from .doubler import check_doubler
from .explainer import check_explainer


@dataclasses.dataclass
class Expected:
    """An image: its project, what is tried with it, and the most it may weigh and take until its best start is ready."""
    project: str
    calls: typing.Callable
    megabytes: float
    seconds: float


IMAGES = {
    "doubler": Expected("samples/Doubler", check_doubler, 25, 0.2),
    "sidecars-explainer": Expected("explainers/Sidecars.Explainers.Server", check_explainer, 120, 0.5),
    "breast-cancer": Expected("samples/BreastCancer", check_breast_cancer, 200, 2),
}
