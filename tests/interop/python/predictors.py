"""Predictors for the server to stand in front of: V1 and V2 by http.server, gRPC by grpcio. They record and answer."""

import concurrent.futures
import http.server
import json
import threading

import grpc

import protocol as p
from tensors import fill, read_grpc, read_v2, to_raw

pb = p.inference_pb2


class Script:
    """What one group of checks wants of the predictor: its metadata, its answer, and what it has received."""

    def __init__(self, inputs, outputs):
        self.inputs = inputs      # metadata: [(name, datatype, shape)]
        self.outputs = outputs
        self.received = []
        self.answer = None        # V1: any JSON value; else [(name, datatype, shape, values)]
        self.error = None         # (HTTP status, gRPC code, text)
        self.raw = False          # the answer in binary form; over V2 also when the request asks for it

    def expect(self, answer, raw=False, error=None):
        self.received, self.answer, self.raw, self.error = [], answer, raw, error

    @property
    def one(self):
        if len(self.received) != 1:
            raise AssertionError(f"the predictor was called {len(self.received)} times")
        return self.received[0]


class HttpPredictor:
    def __init__(self, script):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path == "/v2/models/proxy":
                    describe = lambda tensors: [{"name": n, "datatype": d, "shape": s} for n, d, s in tensors]  # noqa: E731
                    self.reply(200, {"name": "proxy", "versions": ["1"], "platform": "python",
                                     "inputs": describe(script.inputs), "outputs": describe(script.outputs)})
                else:
                    self.reply(404, {"error": "not here"})

            def do_POST(self):
                if "chunked" in self.headers.get("transfer-encoding", "").lower():
                    body = self.read_chunks()
                else:
                    body = self.rfile.read(int(self.headers["content-length"]))
                headers = {k.lower(): v for k, v in self.headers.items()}
                if self.path == "/v1/models/proxy:predict":
                    script.received.append({"headers": headers, "body": json.loads(body)})
                    answer = script.answer
                elif self.path == "/v2/models/proxy/infer":
                    length = int(headers.get("inference-header-content-length", len(body)))
                    document = json.loads(body[:length])
                    script.received.append({"headers": headers, "id": document.get("id"), "binary": length < len(body),
                                            "tensors": read_v2(document, body[length:], "inputs")})
                    answer = None
                else:
                    return self.reply(404, {"error": self.path})
                if script.error:
                    return self.reply(script.error[0], {"error": script.error[2]})
                if answer is not None:
                    return self.reply(200, answer)
                asked = document.get("parameters", {}).get("binary_data_output", False)
                return self.reply_tensors(document.get("id") or "made-up", script.raw or asked)

            def reply_tensors(self, identity, binary):
                outputs, tail = [], b""
                for name, datatype, shape, values in script.answer:
                    tensor = {"name": name, "datatype": datatype, "shape": shape}
                    if binary:
                        raw = to_raw(datatype, values)
                        tensor["parameters"] = {"binary_data_size": len(raw)}
                        tail += raw
                    else:
                        tensor["data"] = [v.decode() if isinstance(v, bytes) else v for v in values]
                    outputs.append(tensor)
                document = {"model_name": "proxy", "id": identity, "outputs": outputs}
                if not binary:
                    return self.reply(200, document)
                head = json.dumps(document).encode()
                return self.write(200, head + tail, "application/octet-stream", {"Inference-Header-Content-Length": str(len(head))})

            def reply(self, status, document):
                self.write(status, json.dumps(document).encode(), "application/json", {})

            def write(self, status, body, content_type, headers):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def read_chunks(self):
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class GrpcPredictor:
    def __init__(self, script):
        class Service(p.inference_pb2_grpc.GRPCInferenceServiceServicer):
            def ServerLive(self, request, context):
                return pb.ServerLiveResponse(live=True)

            def ServerReady(self, request, context):
                return pb.ServerReadyResponse(ready=True)

            def ModelReady(self, request, context):
                return pb.ModelReadyResponse(ready=True)

            def ModelMetadata(self, request, context):
                describe = lambda tensors: [  # noqa: E731
                    pb.ModelMetadataResponse.TensorMetadata(name=n, datatype=d, shape=s) for n, d, s in tensors]
                return pb.ModelMetadataResponse(
                    name=request.name, versions=["1"], platform="python", inputs=describe(script.inputs), outputs=describe(script.outputs))

            def ModelInfer(self, request, context):
                script.received.append({
                    "headers": {k: v for k, v in context.invocation_metadata()}, "id": request.id, "model": request.model_name,
                    "binary": len(request.raw_input_contents) > 0, "tensors": read_grpc(request.inputs, request.raw_input_contents)})
                if script.error:
                    context.abort(script.error[1], script.error[2])
                response = pb.ModelInferResponse(model_name="proxy", id=request.id or "made-up")
                for name, datatype, shape, values in script.answer:
                    tensor = response.outputs.add()
                    fill(tensor, None if script.raw else tensor.contents, name, datatype, shape, values,
                         response.raw_output_contents if script.raw else None)
                return response

        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
        p.inference_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(Service(), self.server)
        self.host = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop(None).wait()


def predictor(kind, script):
    return GrpcPredictor(script) if kind == "grpc-v2" else HttpPredictor(script)
