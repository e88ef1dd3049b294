'use strict';
// Tensors in the forms the protocols know. 64-bit integers are BigInt; BYTES are Buffers.

// datatype -> [bytes per element, Buffer method suffix, field of InferTensorContents]
const KINDS = {
  BOOL: [1, 'UInt8', 'bool_contents'],
  INT8: [1, 'Int8', 'int_contents'],
  INT16: [2, 'Int16LE', 'int_contents'],
  INT32: [4, 'Int32LE', 'int_contents'],
  INT64: [8, 'BigInt64LE', 'int64_contents'],
  UINT8: [1, 'UInt8', 'uint_contents'],
  UINT16: [2, 'UInt16LE', 'uint_contents'],
  UINT32: [4, 'UInt32LE', 'uint_contents'],
  UINT64: [8, 'BigUInt64LE', 'uint64_contents'],
  FP16: [2, 'UInt16LE', null],
  FP32: [4, 'FloatLE', 'fp32_contents'],
  FP64: [8, 'DoubleLE', 'fp64_contents'],
  BYTES: [0, null, 'bytes_contents'],
};

const EXTREMES = {
  BOOL: [true, false],
  INT8: [-128, 127],
  INT16: [-32768, 32767],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT8: [0, 255],
  UINT16: [0, 65535],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0n, 2n ** 64n - 1n],
  FP16: [0x3e00, 0xb400],
  FP32: [0.5, -3.4028234663852886e38],
  FP64: [0.1, -1.7976931348623157e308],
  BYTES: [Buffer.alloc(0), Buffer.from([0xff, 0xfe, 0, 0x61])],
};

function toRaw(datatype, values) {
  if (datatype === 'BYTES') {
    return Buffer.concat(values.flatMap((value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(value.length);
      return [length, value];
    }));
  }
  const [size, suffix] = KINDS[datatype];
  const raw = Buffer.alloc(size * values.length);
  values.forEach((value, i) => raw[`write${suffix}`](datatype === 'BOOL' ? Number(value) : value, i * size));
  return raw;
}

function fromRaw(datatype, raw) {
  const values = [];
  if (datatype === 'BYTES') {
    for (let at = 0; at < raw.length;) {
      const length = raw.readUInt32LE(at);
      values.push(raw.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return values;
  }
  const [size, suffix] = KINDS[datatype];
  for (let at = 0; at < raw.length; at += size) {
    const value = raw[`read${suffix}`](at);
    values.push(datatype === 'BOOL' ? value !== 0 : value);
  }
  return values;
}

/** A tensor [name, datatype, shape, values] as a gRPC message's; with a list given, its values go there as raw bytes. */
function toGrpc([name, datatype, shape, values], raw) {
  const tensor = { name, datatype, shape };
  if (raw) {
    raw.push(toRaw(datatype, values));
  } else {
    tensor.contents = { [KINDS[datatype][2]]: values.map((v) => (typeof v === 'bigint' ? v.toString() : v)) };
  }
  return tensor;
}

function fromGrpc(tensors, raw) {
  return tensors.map(({ name, datatype, shape, contents }, i) => [
    name, datatype, shape.map(Number),
    raw.length > 0
      ? fromRaw(datatype, raw[i])
      : contents[KINDS[datatype][2]].map((v) => (datatype.endsWith('INT64') ? BigInt(v) : v)),
  ]);
}

/** The same of a V2 JSON document; what has no data is taken from the binary tail. Integers of 64 bits are read from the text. */
function fromV2(tensors, tail) {
  let at = 0;
  return tensors.map(({ name, datatype, shape, data, parameters }) => {
    if (data !== undefined) {
      const values = data.flat(Infinity).map((v) => (datatype === 'BYTES' ? Buffer.from(v) : datatype.endsWith('INT64') ? BigInt(v) : v));
      return [name, datatype, shape, values];
    }
    const size = parameters.binary_data_size;
    at += size;
    return [name, datatype, shape, fromRaw(datatype, tail.subarray(at - size, at))];
  });
}

/** JSON of a tensor; BigInt values are written as plain digits. */
function toV2([name, datatype, shape, values], tail) {
  const head = `"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":${JSON.stringify(shape)}`;
  if (tail) {
    const raw = toRaw(datatype, values);
    tail.push(raw);
    return `{${head},"parameters":{"binary_data_size":${raw.length}}}`;
  }
  const data = values.map((v) => (typeof v === 'bigint' ? v.toString() : JSON.stringify(Buffer.isBuffer(v) ? v.toString() : v)));
  return `{${head},"data":[${data}]}`;
}

/** Parses JSON with integers beyond 2^53 kept as BigInt: their digits are put in quotes first. */
function parseExactly(text) {
  return JSON.parse(text.replace(/([[,:]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"'));
}

module.exports = { EXTREMES, KINDS, toRaw, toGrpc, fromGrpc, fromV2, toV2, parseExactly };
