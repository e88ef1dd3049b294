"""grpcio as the client: every call, every datatype, compression, deadlines, errors."""

import concurrent.futures

import grpc
from google.protobuf import descriptor_pb2

import protocol as p
from harness import PATIENCE, holds, same
from tensors import EXTREMES, KINDS, fill, read_grpc

pb = p.inference_pb2
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]

ERRORS = {
    "invalid-input": (grpc.StatusCode.INVALID_ARGUMENT, "bad thing"),
    "inference-error": (grpc.StatusCode.INVALID_ARGUMENT, "boom"),
    "unsupported-protocol": (grpc.StatusCode.INVALID_ARGUMENT, "Unsupported protocol v9."),
    "model-not-found": (grpc.StatusCode.NOT_FOUND, "Model with name zz does not exist."),
    "model-not-ready": (grpc.StatusCode.UNAVAILABLE, "Model with name zz is not ready. det"),
    "server-not-ready": (grpc.StatusCode.UNAVAILABLE, "Server is not ready."),
    "not-implemented": (grpc.StatusCode.UNIMPLEMENTED, "nope"),
    "other-error": (grpc.StatusCode.INTERNAL, None),
    "zzz": (grpc.StatusCode.NOT_FOUND, "Model with name zzz does not exist."),
    "\u00e9": (grpc.StatusCode.NOT_FOUND, "Model with name \u00e9 does not exist."),
}


def request(model, tensors, raw=False, identity="1"):
    message = pb.ModelInferRequest(model_name=model, id=identity)
    for name, datatype, shape, values in tensors:
        tensor = message.inputs.add()
        fill(tensor, tensor.contents if not raw else None, name, datatype, shape, values, message.raw_input_contents if raw else None)
    return message


def outputs(response):
    return read_grpc(response.outputs, response.raw_output_contents)


ONE = [("a", "FP32", [1], [1.5])]


def fails(call, code, details=None):
    try:
        call()
    except grpc.RpcError as error:
        same(error.code(), code, "code of " + str(error.details()))
        if details is not None:
            same(error.details(), details, "details")
        return error
    raise AssertionError(f"expected {code}, but it answered")


def run(checks, server):
    channel = grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}", options=UNLIMITED)
    stub = p.inference_pb2_grpc.GRPCInferenceServiceStub(channel)

    def server_calls():
        same(stub.ServerLive(pb.ServerLiveRequest(), timeout=PATIENCE).live, True, "live")
        same(stub.ServerReady(pb.ServerReadyRequest(), timeout=PATIENCE).ready, False, "ready, while nr is not")
        metadata = stub.ServerMetadata(pb.ServerMetadataRequest(), timeout=PATIENCE)
        holds("model_repository_extension" in metadata.extensions, str(metadata))

    def model_calls():
        same(stub.ModelReady(pb.ModelReadyRequest(name="echo"), timeout=PATIENCE).ready, True, "echo")
        same(stub.ModelReady(pb.ModelReadyRequest(name="nr"), timeout=PATIENCE).ready, False, "nr")
        fails(lambda: stub.ModelReady(pb.ModelReadyRequest(name="zzz"), timeout=PATIENCE), grpc.StatusCode.NOT_FOUND)
        metadata = stub.ModelMetadata(pb.ModelMetadataRequest(name="meta"), timeout=PATIENCE)
        same([(t.name, t.datatype, list(t.shape)) for t in metadata.inputs], [("in0", "FP32", [-1, 4])], "inputs")
        same([(t.name, t.datatype, list(t.shape)) for t in metadata.outputs], [("out0", "INT64", [-1])], "outputs")

    def repository_calls():
        loaded = stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name="echo"), timeout=PATIENCE)
        same((loaded.model_name, loaded.isLoaded), ("echo", True), "load")
        unloaded = stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="str"), timeout=PATIENCE)
        same((unloaded.model_name, unloaded.isUnloaded), ("str", True), "unload")
        fails(lambda: stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="str"), timeout=PATIENCE),
              grpc.StatusCode.NOT_FOUND, "Model with name str does not exist.")

    def infer(datatype, raw):
        sent = ("a", datatype, [2], EXTREMES[datatype])
        response = stub.ModelInfer(request("echo", [sent], raw, "42"), timeout=PATIENCE)
        same((response.model_name, response.model_version, response.id), ("echo", "", "42"), "head")
        same(outputs(response), [sent], "outputs")
        same(len(response.raw_output_contents), 1 if raw else 0, "raw contents")

    def gzip():
        response = stub.ModelInfer(request("echo", ONE), timeout=PATIENCE, compression=grpc.Compression.Gzip)
        same(outputs(response), ONE, "outputs")
        values = [("a", "FP64", [1000], [0.0] * 1000)]
        same(outputs(stub.ModelInfer(request("echo", values, True), timeout=PATIENCE, compression=grpc.Compression.Gzip)), values, "large")

    def deadline():
        fails(lambda: stub.ModelInfer(request("slow", ONE), timeout=0.3), grpc.StatusCode.DEADLINE_EXCEEDED)

    def cancellation():
        call = stub.ModelInfer.future(request("slow", ONE), timeout=PATIENCE)
        call.cancel()
        holds(call.cancelled(), "the call is not cancelled")
        same(outputs(stub.ModelInfer(request("echo", ONE), timeout=PATIENCE)), ONE, "the call after it")

    def error(model, code, details):
        raised = fails(lambda: stub.ModelInfer(request(model, ONE), timeout=PATIENCE), code, details)
        holds("Exception" not in raised.details(), raised.details())

    def bad_requests():
        wrong = request("echo", [("a", "FP32", [3], [1.0])])
        fails(lambda: stub.ModelInfer(wrong, timeout=PATIENCE), grpc.StatusCode.INVALID_ARGUMENT)
        count = request("echo", [("a", "FP32", [1], [1.0]), ("b", "FP32", [1], [1.0])], raw=True)
        del count.raw_input_contents[1]
        fails(lambda: stub.ModelInfer(count, timeout=PATIENCE), grpc.StatusCode.INVALID_ARGUMENT,
              "the number of inputs (2) does not match the expected number of raw input contents (1) for model 'echo'.")

    def too_large():
        big = request("echo", [("a", "UINT8", [9_000_000], [0] * 9_000_000)], raw=True)
        fails(lambda: stub.ModelInfer(big, timeout=PATIENCE), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def stream():
        sent = [request("echo", ONE, identity="1"), request("zzz", ONE, identity="2"), request("echo", ONE, True, "3")]
        got = list(stub.ModelStreamInfer(iter(sent), timeout=PATIENCE))
        same(len(got), 3, "answers")
        same((got[0].error_message, got[0].infer_response.id), ("", "1"), "first")
        holds("zzz" in got[1].error_message, got[1].error_message)
        same((got[2].error_message, outputs(got[2].infer_response)), ("", ONE), "third")

    def concurrency():
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            calls = pool.map(lambda i: stub.ModelInfer(request("echo", ONE, identity=str(i)), timeout=PATIENCE).id, range(200))
        same(list(calls), [str(i) for i in range(200)], "ids")

    def health():
        service = p.health_pb2_grpc.HealthStub(channel)
        answer = service.Check(p.health_pb2.HealthCheckRequest(), timeout=PATIENCE)
        same(answer.status, p.health_pb2.HealthCheckResponse.NOT_SERVING, "while nr is not ready")
        fails(lambda: service.Check(p.health_pb2.HealthCheckRequest(service="no.such"), timeout=PATIENCE), grpc.StatusCode.NOT_FOUND)
        watch = service.Watch(p.health_pb2.HealthCheckRequest(), timeout=PATIENCE)
        same(next(watch).status, p.health_pb2.HealthCheckResponse.NOT_SERVING, "watched")
        stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="nr"), timeout=PATIENCE)
        same(next(watch).status, p.health_pb2.HealthCheckResponse.SERVING, "watched, once all are ready")
        watch.cancel()
        same(stub.ServerReady(pb.ServerReadyRequest(), timeout=PATIENCE).ready, True, "ready")

    def reflection(messages, stubs):
        service = stubs.ServerReflectionStub(channel)
        asked = [messages.ServerReflectionRequest(list_services=""),
                 messages.ServerReflectionRequest(file_containing_symbol="inference.GRPCInferenceService"),
                 messages.ServerReflectionRequest(file_containing_symbol="no.such.Symbol")]
        got = list(service.ServerReflectionInfo(iter(asked), timeout=PATIENCE))
        names = [s.name for s in got[0].list_services_response.service]
        holds("inference.GRPCInferenceService" in names and "grpc.health.v1.Health" in names, str(names))
        files = [descriptor_pb2.FileDescriptorProto.FromString(f) for f in got[1].file_descriptor_response.file_descriptor_proto]
        ours = descriptor_pb2.FileDescriptorProto()
        pb.DESCRIPTOR.CopyToProto(ours)
        theirs = next(f for f in files if f.package == "inference")
        same([m.name for m in theirs.service[0].method], [m.name for m in ours.service[0].method], "methods")
        same(sorted(m.name for m in theirs.message_type), sorted(m.name for m in ours.message_type), "messages")
        holds(got[2].HasField("error_response"), str(got[2]))

    checks.run("server calls", server_calls)
    checks.run("model calls", model_calls)
    checks.run("repository calls", repository_calls)
    for datatype, (_, field) in KINDS.items():
        if field:
            checks.run(f"infer {datatype} typed", infer, datatype, False)
        checks.run(f"infer {datatype} raw", infer, datatype, True)
    for name, check in {"gzip": gzip, "deadline": deadline, "cancellation": cancellation, "bad requests": bad_requests,
                        "too large": too_large, "stream": stream, "concurrency": concurrency}.items():
        checks.run(name, check)
    for model, (code, details) in ERRORS.items():
        checks.run(f"error {model}", error, model, code, details)
    checks.run("reflection v1", reflection, p.reflection_v1_pb2, p.reflection_v1_pb2_grpc)
    checks.run("reflection v1alpha", reflection, p.reflection_v1alpha_pb2, p.reflection_v1alpha_pb2_grpc)
    checks.run("health", health)  # last: it changes the server
    channel.close()
