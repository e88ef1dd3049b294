"""What the images of this repository must do. A case gets the laid-out image, and raises where it is not as it should be."""
import dataclasses, functools, typing

from .. import making
from . import breast_cancer, bulk, doubler, explainer, gpu

CHISELED = "mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled"
EXPLAINER = "explainers/Sidecars.Explainers.Server"


@dataclasses.dataclass
class Expected:
    """An image: how it is made, from what, how it is started, what is tried with it, and the most it may weigh and take
    until it is ready. Those `on_request` are made only when they are named."""
    make: typing.Callable
    base: str
    start: typing.Callable
    cases: list
    megabytes: float
    seconds: float
    on_request: bool = False
    made_of: str = None


IMAGES = {
    "doubler": Expected(functools.partial(making.with_dockerfile, "samples/Doubler"), CHISELED, doubler.start, doubler.CASES, 25, 0.2),
    "sidecars-explainer": Expected(
        functools.partial(making.with_dockerfile, EXPLAINER), CHISELED, explainer.start, explainer.CASES + bulk.CASES, 120, 0.5),
    "breast-cancer": Expected(
        functools.partial(making.with_dockerfile, "samples/BreastCancer"), CHISELED, breast_cancer.start, breast_cancer.CASES, 200, 2),
    "breast-cancer-published": Expected(
        functools.partial(making.with_sdk, "samples/BreastCancer"), CHISELED, breast_cancer.start, breast_cancer.CASES, 200, 2),
    # What Dockerfile.gpu does, with ONNX Runtime for the CPU: the one for GPUs has 300 MB.
    "sidecars-explainer-on-cuda": Expected(
        functools.partial(making.on_cuda, making.tag_of("sidecars-explainer")), making.CUDA, gpu.start, gpu.CASES, 120, 1,
        made_of="sidecars-explainer"),
    # The same with all of it; eng/pack-onnxruntime-gpu.sh brings the packages where the sources have none.
    "sidecars-explainer-gpu": Expected(
        functools.partial(making.for_gpus, EXPLAINER), making.CUDA, gpu.start, gpu.WITH_CUDA, 400, 1, on_request=True),
}
