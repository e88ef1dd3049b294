"""Tensors in the forms the protocols know, written and read independently of the server's code."""

import struct

# datatype -> (struct letter of the raw form, field of InferTensorContents)
KINDS = {
    "BOOL": ("?", "bool_contents"),
    "INT8": ("b", "int_contents"),
    "INT16": ("h", "int_contents"),
    "INT32": ("i", "int_contents"),
    "INT64": ("q", "int64_contents"),
    "UINT8": ("B", "uint_contents"),
    "UINT16": ("H", "uint_contents"),
    "UINT32": ("I", "uint_contents"),
    "UINT64": ("Q", "uint64_contents"),
    "FP16": ("e", None),
    "FP32": ("f", "fp32_contents"),
    "FP64": ("d", "fp64_contents"),
    "BYTES": (None, "bytes_contents"),
}

EXTREMES = {
    "BOOL": [True, False],
    "INT8": [-128, 127],
    "INT16": [-32768, 32767],
    "INT32": [-(2**31), 2**31 - 1],
    "INT64": [-(2**63), 2**63 - 1],
    "UINT8": [0, 255],
    "UINT16": [0, 65535],
    "UINT32": [0, 2**32 - 1],
    "UINT64": [0, 2**64 - 1],
    "FP16": [1.5, -0.25],
    "FP32": [0.5, -3.4028234663852886e38],
    "FP64": [0.1, -1.7976931348623157e308],
    "BYTES": [b"", b"\xff\xfe\x00a"],
}


def to_raw(datatype, values):
    letter = KINDS[datatype][0]
    if letter:
        return struct.pack("<%d%s" % (len(values), letter), *values)
    return b"".join(struct.pack("<I", len(v)) + v for v in values)


def from_raw(datatype, raw):
    letter = KINDS[datatype][0]
    if letter:
        return list(struct.unpack("<%d%s" % (len(raw) // struct.calcsize("<" + letter), letter), raw))
    values, at = [], 0
    while at < len(raw):
        (length,) = struct.unpack_from("<I", raw, at)
        values.append(raw[at + 4:at + 4 + length])
        at += 4 + length
    return values


def flatten(data):
    return [x for item in data for x in flatten(item)] if isinstance(data, list) else [data]


def fill(tensor, contents, name, datatype, shape, values, raw=None):
    """Fills a gRPC tensor, typed or (with a list given) raw."""
    tensor.name = name
    tensor.datatype = datatype
    tensor.shape.extend(shape)
    if raw is not None:
        raw.append(to_raw(datatype, values))
    else:
        getattr(contents, KINDS[datatype][1]).extend(values)


def read_grpc(tensors, raw):
    """Returns [(name, datatype, shape, values)] of either form."""
    result = []
    for index, tensor in enumerate(tensors):
        values = from_raw(tensor.datatype, raw[index]) if raw else list(getattr(tensor.contents, KINDS[tensor.datatype][1]))
        result.append((tensor.name, tensor.datatype, list(tensor.shape), values))
    return result


def read_v2(document, tail, key):
    """The same of a V2 JSON document; tensors without data are taken from the binary tail."""
    result, at = [], 0
    for tensor in document[key]:
        if "data" in tensor:
            values = flatten(tensor["data"])
            if tensor["datatype"] == "BYTES":
                values = [v.encode() for v in values]
        else:
            size = tensor["parameters"]["binary_data_size"]
            values = from_raw(tensor["datatype"], tail[at:at + size])
            at += size
        result.append((tensor["name"], tensor["datatype"], tensor["shape"], values))
    return result
