"""The same three patients over gRPC. Debian: apt-get install python3-grpcio python3-grpc-tools

Run from the repository's folder: /usr/bin/python3 samples/BreastCancer/requests/grpc_infer.py
"""
import csv
import sys
import tempfile

import grpc
from grpc_tools import protoc

with tempfile.TemporaryDirectory() as generated:
    source = "framework/Sidecars/Protocol/Grpc"
    protoc.main(["", f"-I{source}", f"--python_out={generated}", f"--grpc_python_out={generated}", f"{source}/inference.proto"])
    sys.path.append(generated)
    import inference_pb2
    import inference_pb2_grpc

with open("samples/BreastCancer/data/patients.csv", newline="") as file:
    rows = [[float(value) for value in row[:-1]] for row in list(csv.reader(file))[1:4]]

request = inference_pb2.ModelInferRequest(model_name="breast-cancer")
measurements = request.inputs.add(name="measurements", datatype="FP32", shape=[len(rows), 30])
measurements.contents.fp32_contents.extend(value for row in rows for value in row)

stub = inference_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(sys.argv[1] if len(sys.argv) > 1 else "localhost:8081"))
for output in stub.ModelInfer(request).outputs:
    texts = [text.decode() for text in output.contents.bytes_contents]
    print(output.name, list(output.shape), texts or list(output.contents.fp32_contents))
