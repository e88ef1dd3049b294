"""Predictors that are never sure: one half for every row, in each protocol. Each can be held in the middle of a call."""
import concurrent.futures, os, sys, tempfile, threading

import grpc
from grpc_tools import protoc

from containers.images import REPOSITORY
from containers.predictor import Predictor


def half(request, _):
    """For as many rows as it gets, in V1 or V2."""
    if "instances" in request:
        return {"predictions": [0.5 for _ in request["instances"]]}
    rows = request["inputs"][0]["shape"][0]
    return {"model_name": "churn", "outputs": [{"name": "p", "shape": [rows], "datatype": "FP32", "data": [0.5] * rows}]}


def messages():
    """KServe's messages and service, generated from their description."""
    with tempfile.TemporaryDirectory() as folder:
        protos = os.path.join(REPOSITORY, "framework/Sidecars/Protocol/Grpc")
        if protoc.main(["protoc", "-I" + protos, "--python_out=" + folder, "--grpc_python_out=" + folder, "inference.proto"]) != 0:
            raise RuntimeError("protoc failed on inference.proto")
        sys.path.insert(0, folder)
        try:
            import inference_pb2, inference_pb2_grpc
        finally:
            sys.path.remove(folder)
    return inference_pb2, inference_pb2_grpc


class GrpcPredictor:
    """The same over gRPC."""

    def __init__(self):
        pb, services = MESSAGES
        self.entered, self.gate = threading.Event(), threading.Event()
        self.gate.set()
        predictor = self

        class Service(services.GRPCInferenceServiceServicer):
            def ModelInfer(self, request, context):
                predictor.entered.set()
                predictor.gate.wait(60)
                rows = request.inputs[0].shape[0]
                answer = pb.ModelInferResponse(model_name="churn")
                answer.outputs.add(name="p", datatype="FP32", shape=[rows]).contents.fp32_contents.extend([0.5] * rows)
                return answer

        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
        services.add_GRPCInferenceServiceServicer_to_server(Service(), self.server)
        self.host = "127.0.0.1:%d" % self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.go_on()
        self.server.stop(None).wait()

    def hold(self):
        self.entered.clear()
        self.gate.clear()

    def go_on(self):
        self.gate.set()


MESSAGES = messages()
PREDICTORS = {"v1": lambda: Predictor(half), "v2": lambda: Predictor(half), "grpc-v2": GrpcPredictor}
