"""Each way in (V1, V2 JSON, V2 binary, gRPC typed and raw) against each predictor protocol, values to the last digit."""

import json
import struct

import grpc

import protocol as p
from client_checks import request as grpc_request
from harness import PATIENCE, Server, holds, same
from predictors import Script, predictor
from tensors import EXTREMES, read_grpc, read_v2, to_raw

PROTOCOLS = ["v1", "v2", "grpc-v2"]
WAYS = ["v1", "v2 json", "v2 binary", "grpc typed", "grpc raw"]
NESTED = [[1, 2], [3.5, 4]]
FLAT = [1.0, 2.0, 3.5, 4.0]


class Caller:
    """One way in: sends tensors or instances to the model proxy, returns (status or code, result)."""

    def __init__(self, server):
        self.server = server
        self.channel = grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}")
        self.stub = p.inference_pb2_grpc.GRPCInferenceServiceStub(self.channel)

    def v1(self, instances):
        return self.server.post_json("/v1/models/proxy:predict", {"instances": instances})

    def tensors(self, way, tensors, identity="42"):
        """Returns [(name, datatype, shape, values)], or raises with what was answered instead."""
        if way.startswith("grpc"):
            message = grpc_request("proxy", tensors, way == "grpc raw", identity)
            response = self.stub.ModelInfer(message, timeout=PATIENCE)
            same(response.id, identity, "id")
            return read_grpc(response.outputs, response.raw_output_contents)
        status, answer = self.v2(way, tensors, identity)
        same(status, 200, f"status of {answer}")
        return answer

    def v2(self, way, tensors, identity="42"):
        inputs, tail = [], b""
        for name, datatype, shape, values in tensors:
            tensor = {"name": name, "datatype": datatype, "shape": shape}
            if way == "v2 binary":
                raw = to_raw(datatype, values)
                tensor["parameters"] = {"binary_data_size": len(raw)}
                tail += raw
            else:
                tensor["data"] = [v.decode() if isinstance(v, bytes) else v for v in values]
            inputs.append(tensor)
        document = {"id": identity, "inputs": inputs}
        headers = {"Content-Type": "application/json"}
        if way == "v2 binary":
            document["parameters"] = {"binary_data_output": True}
        body = json.dumps(document).encode()
        if way == "v2 binary":
            headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(body))}
        status, got, answer = self.server.request("POST", "/v2/models/proxy/infer", body + tail, headers)
        if status != 200:
            return status, json.loads(answer)
        length = int(got.get("inference-header-content-length", len(answer)))
        if way == "v2 binary":
            holds("inference-header-content-length" in got, f"a binary answer was asked for, got {answer!r}")
        document = json.loads(answer[:length])
        same(document["id"], identity, "id")
        same(document["model_name"], "proxy", "model_name")
        return 200, read_v2(document, answer[length:], "outputs")


def group(checks, command, protocol, name, script, body):
    """Starts predictor and server for one group of checks; the server asks for the metadata afresh."""
    def prepared():
        with predictor(protocol, script) as remote:
            with Server(command, "--predictor_host", remote.host, "--predictor_protocol", protocol) as server:
                caller = Caller(server)
                body(lambda what, check: checks.run(f"{name} to {protocol}: {what}", check), caller)
                caller.channel.close()
    checks.run(f"{name} to {protocol}", prepared)


def tensors_of(script):
    return [(n, d, s, v) for n, d, s, v in script.one["tensors"]]


def numbers(protocol):
    script = Script([("x", "FP32", [-1, 2])], [("y", "FP32", [-1, 2])])
    out = [10.5, 20.0, 35.0, 40.0]

    def answer():
        if protocol == "v1":
            script.expect({"predictions": [[10.5, 20], [35, 40]]})
        else:
            script.expect([("y", "FP32", [2, 2], out)], raw=False)

    def received(from_tensors):
        if protocol == "v1":
            same(script.one["body"], {"instances": NESTED}, "at the predictor")
        else:
            same(tensors_of(script), [("x", "FP32", [2, 2], FLAT)], "at the predictor")
            if from_tensors:
                same(script.one["id"], "42", "id at the predictor")

    def run(check, caller):
        def v1():
            answer()
            same(caller.v1(NESTED), (200, {"predictions": [[10.5, 20], [35, 40]]}), "at the caller")
            received(False)

        def tensor(way):
            answer()
            got = caller.tensors(way, [("x", "FP32", [2, 2], FLAT)])
            expected = ("output-0", "FP64", [2, 2], out) if protocol == "v1" else ("y", "FP32", [2, 2], out)
            same(got, [expected], "at the caller")
            received(True)

        def integers(way):
            if protocol != "v1":
                script.expect([("y", "INT64", [2], [2**53 + 1, -7])], raw=way == "grpc raw")
            else:
                script.expect({"predictions": [2**53 + 1, -7]})
            if way == "v1":
                same(caller.v1([[1, 2]]), (200, {"predictions": [2**53 + 1, -7]}), "at the caller")
            else:
                got = caller.tensors(way, [("x", "FP32", [1, 2], [1.0, 2.0])])
                same(got, [("output-0" if protocol == "v1" else "y", "INT64", [2], [2**53 + 1, -7])], "at the caller")

        def headers():
            answer()
            same(caller.server.request("POST", "/v1/models/proxy:predict", b'{"instances":[[1,2],[3.5,4]]}', {
                "X-Request-Id": "rid", "Authorization": "Bearer t", "X-Custom": "no"})[0], 200, "status")
            got = script.one["headers"]
            same((got.get("x-request-id"), got.get("authorization"), got.get("x-custom")), ("rid", "Bearer t", None), "headers")

        def error(way):
            for status, code, grpc_code in ((400, grpc.StatusCode.INVALID_ARGUMENT, 3), (503, grpc.StatusCode.UNAVAILABLE, 14)):
                script.expect(None, error=(status, code, "pred says no"))
                if way == "v1":
                    got, body = caller.v1(NESTED)
                elif way.startswith("v2"):
                    got, body = caller.v2(way, [("x", "FP32", [2, 2], FLAT)])
                else:
                    try:
                        caller.tensors(way, [("x", "FP32", [2, 2], FLAT)])
                    except grpc.RpcError as raised:
                        got, body = status if raised.code().value[0] == grpc_code else raised.code(), {"error": raised.details()}
                    else:
                        raise AssertionError("no error")
                same(got, status, "status")
                holds("pred says no" in body["error"], str(body))

        check("V1 caller", v1)
        for way in WAYS[1:]:
            check(f"{way} caller", lambda way=way: tensor(way))
        for way in WAYS:
            check(f"{way} caller, integers back", lambda way=way: integers(way))
            check(f"{way} caller, errors", lambda way=way: error(way))
        check("headers", headers)

    return script, run


def texts(protocol):
    script = Script([("t", "BYTES", [-1])], [("u", "BYTES", [-1])])
    values = [b"a", "\u00e9\U0001f600".encode(), b""]
    plain = [v.decode() for v in values]

    def answer():
        script.expect({"predictions": plain} if protocol == "v1" else [("u", "BYTES", [3], values)])

    def received():
        if protocol == "v1":
            same(script.one["body"], {"instances": plain}, "at the predictor")
        else:
            same(tensors_of(script), [("t", "BYTES", [3], values)], "at the predictor")

    def run(check, caller):
        def v1():
            answer()
            same(caller.v1(plain), (200, {"predictions": plain}), "at the caller")
            received()

        def tensor(way):
            answer()
            got = caller.tensors(way, [("t", "BYTES", [3], values)])
            same(got, [("output-0" if protocol == "v1" else "u", "BYTES", [3], values)], "at the caller")
            received()

        check("V1 caller", v1)
        for way in WAYS[1:]:
            check(f"{way} caller", lambda way=way: tensor(way))

    return script, run


def fields(protocol):
    script = Script([("age", "INT64", [-1]), ("spend", "FP32", [-1])], [("p", "FP64", [-1]), ("c", "BYTES", [-1])])
    rows = [{"age": 30, "spend": 1.5}, {"age": 40, "spend": 2}]
    tensors = [("age", "INT64", [2], [30, 40]), ("spend", "FP32", [2], [1.5, 2.0])]
    predictions = [{"p": 0.25, "c": "HIGH"}, {"p": 0.75, "c": "LOW"}]
    out = [("p", "FP64", [2], [0.25, 0.75]), ("c", "BYTES", [2], [b"HIGH", b"LOW"])]

    def answer():
        script.expect({"predictions": predictions} if protocol == "v1" else out)

    def received():
        if protocol == "v1":
            same(script.one["body"], {"instances": rows}, "at the predictor")
        else:
            same(tensors_of(script), tensors, "at the predictor")

    def run(check, caller):
        def v1():
            answer()
            same(caller.v1(rows), (200, {"predictions": predictions}), "at the caller")
            received()

        def tensor(way):
            answer()
            got = caller.tensors(way, tensors)
            received()
            if protocol == "v1":
                # Rows of named fields on the way back: one tensor per field.
                same(sorted((n, s, v) for n, _, s, v in got), sorted((n, s, v) for n, _, s, v in out), "at the caller")
            else:
                same(got, out, "at the caller")

        check("V1 caller", v1)
        for way in WAYS[1:]:
            check(f"{way} caller", lambda way=way: tensor(way))

    return script, run


def objects(protocol):
    script = Script([("j", "BYTES", [-1])], [("k", "BYTES", [-1])])
    rows = [{"q": {"deep": [1, "y", None]}}, {"q": {"deep": []}}]

    def run(check, caller):
        def v1():
            if protocol == "v1":
                script.expect({"predictions": rows})
                same(caller.v1(rows), (200, {"predictions": rows}), "at the caller")
                same(script.one["body"], {"instances": rows}, "at the predictor")
                return
            script.expect([("k", "BYTES", [2], [b"one", b"two"])])
            same(caller.v1(rows), (200, {"predictions": ["one", "two"]}), "at the caller")
            ((name, datatype, shape, values),) = tensors_of(script)
            same((name, datatype, shape), ("j", "BYTES", [2]), "tensor at the predictor")
            same([json.loads(v) for v in values], rows, "its objects")

        def tensor(way):
            if protocol != "v1":
                return
            script.expect({"predictions": rows})
            ((name, datatype, shape, values),) = caller.tensors(way, [("j", "BYTES", [2], [b"one", b"two"])])
            same((name, datatype, shape), ("output-0", "BYTES", [2]), "tensor at the caller")
            same([json.loads(v) for v in values], rows, "its objects")
            same(script.one["body"], {"instances": ["one", "two"]}, "at the predictor")

        check("V1 caller", v1)
        for way in WAYS[1:]:
            check(f"{way} caller", lambda way=way: tensor(way))

    return script, run


def rounded(tensors):
    """FP32 comes in JSON as the shortest text that names the float: a reader of FP32 rounds to it."""
    def single(value):
        return struct.unpack("<f", struct.pack("<f", value))[0]

    return [(n, d, s, [single(v) for v in values] if d == "FP32" else values) for n, d, s, values in tensors]


def datatypes(_):
    """Tensors pass from V2 and gRPC callers to V2 and gRPC predictors whatever their datatype."""
    script = Script([], [])

    def run(check, caller):
        def one(way, datatype):
            values = EXTREMES[datatype]
            if way == "v2 json" and datatype == "BYTES":
                values = [b"", "\u00e9".encode()]
            script.expect([("o", datatype, [2], values)], raw=datatype in ("FP16", "BYTES") and way != "v2 json")
            got = caller.tensors(way, [("i", datatype, [2], values)])
            same(rounded(tensors_of(script)), [("i", datatype, [2], values)], "at the predictor")
            same(got, [("o", datatype, [2], values)], "at the caller")

        for way in WAYS[1:]:
            for datatype in EXTREMES:
                if datatype == "FP16" and way in ("v2 json", "grpc typed"):
                    continue
                check(f"{way} caller, {datatype}", lambda way=way, datatype=datatype: one(way, datatype))

    return script, run


def run(checks, command):
    for protocol in PROTOCOLS:
        for name, prepare in {"numbers": numbers, "texts": texts, "named fields": fields, "objects": objects}.items():
            group(checks, command, protocol, name, *prepare(protocol))
        if protocol != "v1":
            group(checks, command, protocol, "datatypes", *datatypes(protocol))
