"""Message classes and stubs, generated from the .proto files at run time."""

import os
import sys
import tempfile

from grpc_tools import protoc

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
FOLDERS = {
    os.path.join(ROOT, "framework", "Sidecars", "Protocol", "Grpc"): ["inference.proto"],
    os.path.join(HERE, "..", "proto"): ["health.proto", "reflection_v1.proto", "reflection_v1alpha.proto"],
}

_generated = tempfile.TemporaryDirectory()
for folder, files in FOLDERS.items():
    arguments = ["protoc", "-I" + folder, "--python_out=" + _generated.name, "--grpc_python_out=" + _generated.name]
    if protoc.main([*arguments, *files]) != 0:
        raise RuntimeError(f"protoc failed on {files}")
sys.path.insert(0, _generated.name)

import health_pb2  # noqa: E402
import health_pb2_grpc  # noqa: E402
import inference_pb2  # noqa: E402
import inference_pb2_grpc  # noqa: E402
import reflection_v1_pb2  # noqa: E402
import reflection_v1_pb2_grpc  # noqa: E402
import reflection_v1alpha_pb2  # noqa: E402
import reflection_v1alpha_pb2_grpc  # noqa: E402

__all__ = [
    "health_pb2", "health_pb2_grpc", "inference_pb2", "inference_pb2_grpc", "reflection_v1_pb2", "reflection_v1_pb2_grpc",
    "reflection_v1alpha_pb2", "reflection_v1alpha_pb2_grpc",
]
