"""The variant on CUDA. There is no GPU where this runs, so what matters is what it says about that."""
import json, os

from ..process import Container, Server
from ..shell import expect
from .explainer import MOUNTS, PATH, arguments
from .sample import request


def start(image):
    return Server(image, arguments("Shap"), MOUNTS)


def automatic_device_is_the_cpu_and_says_why(image):
    with start(image) as server:
        values = server.call(PATH, request("explain.json"))["data"]["shap_values"][0][0]
        expect(len(values) == 30, "a value for each measurement: " + json.dumps(values))
        log = server.logged()
        expect("runs on cpu: CUDA does not work here" in log or "runs on cpu: this build of ONNX Runtime has no CUDA" in log, "the log: " + log)
        expect(server.stop() == 0, "it ended with an error: " + server.logged())


def device_asked_for_by_name_ends_the_start(image):
    with Container(image, [*arguments("--device=cuda", "Shap"), "--http_port", "8080"], MOUNTS) as container:
        code, log = container.wait(), container.logged()
        expect(code == 1 and "cuda" in log and "   at " not in log, f"it ended with {code}: {log}")


def providers_of_cuda_are_beside_its_own_onnx_runtime(image):
    """Both of the same package: the CPU's library cannot take the provider."""
    libraries = {file: os.path.getsize(os.path.join(image.application, file))
                 for file in os.listdir(image.application) if file.startswith("libonnxruntime")}
    expect({"libonnxruntime.so", "libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"} <= set(libraries), json.dumps(libraries))
    expect(libraries["libonnxruntime_providers_cuda.so"] > 50e6, json.dumps(libraries))
    with open(os.path.join(image.application, "libonnxruntime.so"), "rb") as library:
        expect(b"CUDAExecutionProvider" in library.read(), "the library knows nothing of CUDA")


CASES = [automatic_device_is_the_cpu_and_says_why, device_asked_for_by_name_ends_the_start]
WITH_CUDA = [*CASES, providers_of_cuda_are_beside_its_own_onnx_runtime]
