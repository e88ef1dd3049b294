'use strict';
// Each way in (V1, V2 JSON, V2 binary, gRPC typed and raw) against each predictor protocol, values to the last digit.

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const { inference } = require('./protocol');
const { Server } = require('./harness');
const { call, inferRequest, outputs } = require('./client-checks');
const { Script, startPredictor } = require('./predictors');
const { EXTREMES, fromV2, parseExactly, toV2 } = require('./tensors');

const PROTOCOLS = ['v1', 'v2', 'grpc-v2'];
const TENSOR_WAYS = ['v2 json', 'v2 binary', 'grpc typed', 'grpc raw'];
const NESTED = [[1, 2], [3.5, 4]];
const FLAT = [1, 2, 3.5, 4];

/** Calls the model proxy in every way there is. */
class Caller {
  constructor(server) {
    this.server = server;
    this.client = new inference.GRPCInferenceService(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
  }

  v1(instances) {
    return this.server.postJson('/v1/models/proxy:predict', { instances });
  }

  async v2(way, tensors, id = '42') {
    const tail = way === 'v2 binary' ? [] : undefined;
    const inputs = tensors.map((t) => toV2(t, tail));
    const parameters = tail ? ',"parameters":{"binary_data_output":true}' : '';
    const document = Buffer.from(`{"id":"${id}"${parameters},"inputs":[${inputs}]}`);
    const headers = tail
      ? { 'Content-Type': 'application/octet-stream', 'Inference-Header-Content-Length': document.length }
      : { 'Content-Type': 'application/json' };
    const answer = await this.server.request('POST', '/v2/models/proxy/infer', Buffer.concat([document, ...(tail ?? [])]), headers);
    if (answer.status !== 200) {
      return { status: answer.status, body: JSON.parse(answer.body) };
    }
    assert.equal('inference-header-content-length' in answer.headers, tail !== undefined, 'the form of the answer');
    const length = Number(answer.headers['inference-header-content-length'] ?? answer.body.length);
    const body = parseExactly(answer.body.subarray(0, length).toString());
    assert.deepEqual([body.id, body.model_name], [id, 'proxy']);
    return { status: 200, tensors: fromV2(body.outputs, answer.body.subarray(length)) };
  }

  async tensors(way, tensors, id = '42') {
    if (way.startsWith('v2')) {
      const answer = await this.v2(way, tensors, id);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.tensors;
    }
    const response = await call(this.client, 'ModelInfer', inferRequest('proxy', tensors, { raw: way === 'grpc raw', id }));
    assert.equal(response.id, id);
    return outputs(response);
  }

  /** The status or code, and the text, of a call that must fail. */
  async failure(way) {
    if (way === 'v1') {
      const { status, body } = await this.v1(NESTED);
      return [status, body.error];
    }
    const sent = [['x', 'FP32', [2, 2], FLAT]];
    if (way.startsWith('v2')) {
      const { status, body } = await this.v2(way, sent);
      return [status, body?.error];
    }
    return this.tensors(way, sent).then(() => [grpc.status.OK, ''], (error) => [error.code, error.details]);
  }
}

/** Starts predictor and server for one group of checks; the server asks for the metadata afresh. */
async function group(checks, command, protocol, name, script, body) {
  await checks.run(`${name} to ${protocol}`, async () => {
    const remote = await startPredictor(protocol, script);
    let server;
    try {
      server = await Server.start(command, '--predictor_host', remote.host, '--predictor_protocol', protocol);
      const caller = new Caller(server);
      await body((what, check) => checks.run(`${name} to ${protocol}: ${what}`, check), caller);
      caller.client.close();
    } finally {
      await server?.stop();
      await remote.stop();
    }
  });
}

/** What is alike in the groups: send in every way, look at the predictor, look at the caller. */
function both(protocol, script, { rows, tensors, predictions, out, outOfV1 }) {
  const answer = () => script.expect(protocol === 'v1' ? JSON.stringify({ predictions }) : out);
  const received = () => {
    if (protocol === 'v1') {
      assert.deepEqual(script.one.body, { instances: rows }, 'at the predictor');
    } else {
      assert.deepEqual(script.one.tensors, tensors, 'at the predictor');
    }
  };
  return async (check, caller) => {
    await check('V1 caller', async () => {
      answer();
      assert.deepEqual(await caller.v1(rows), { status: 200, body: { predictions } }, 'at the caller');
      received();
    });
    for (const way of TENSOR_WAYS) {
      await check(`${way} caller`, async () => {
        answer();
        assert.deepEqual(await caller.tensors(way, tensors), protocol === 'v1' ? outOfV1 : out, 'at the caller');
        received();
      });
    }
  };
}

function numbers(protocol) {
  const script = new Script([['x', 'FP32', [-1, 2]]], [['y', 'FP32', [-1, 2]]]);
  const out = [10.5, 20, 35, 40];
  const alike = both(protocol, script, {
    rows: NESTED,
    tensors: [['x', 'FP32', [2, 2], FLAT]],
    predictions: [[10.5, 20], [35, 40]],
    out: [['y', 'FP32', [2, 2], out]],
    outOfV1: [['output-0', 'FP64', [2, 2], out]],
  });
  return [script, async (check, caller) => {
    await alike(check, caller);
    for (const way of TENSOR_WAYS) {
      await check(`${way} caller, integers back`, async () => {
        const values = [2n ** 53n + 1n, -7n];
        script.expect(protocol === 'v1' ? `{"predictions":[${values}]}` : [['y', 'INT64', [2], values]], { raw: way === 'grpc raw' });
        const got = await caller.tensors(way, [['x', 'FP32', [1, 2], [1, 2]]]);
        assert.deepEqual(got, [[protocol === 'v1' ? 'output-0' : 'y', 'INT64', [2], values]]);
      });
    }
    for (const way of ['v1', ...TENSOR_WAYS]) {
      for (const [status, code] of [[400, grpc.status.INVALID_ARGUMENT], [503, grpc.status.UNAVAILABLE]]) {
        await check(`${way} caller, error ${status}`, async () => {
          script.expect(null, { error: [status, code, 'pred says no'] });
          const [got, text] = await caller.failure(way);
          assert.equal(got, way.startsWith('grpc') ? code : status, text);
          assert.match(text, /pred says no/);
        });
      }
    }
  }];
}

function texts(protocol) {
  const script = new Script([['t', 'BYTES', [-1]]], [['u', 'BYTES', [-1]]]);
  const plain = ['a', '\u00e9\u{1f600}', ''];
  const values = plain.map((text) => Buffer.from(text));
  return [script, both(protocol, script, {
    rows: plain,
    tensors: [['t', 'BYTES', [3], values]],
    predictions: plain,
    out: [['u', 'BYTES', [3], values]],
    outOfV1: [['output-0', 'BYTES', [3], values]],
  })];
}

function fields(protocol) {
  const script = new Script([['age', 'INT64', [-1]], ['spend', 'FP32', [-1]]], [['p', 'FP64', [-1]], ['c', 'BYTES', [-1]]]);
  const classes = [Buffer.from('HIGH'), Buffer.from('LOW')];
  const out = [['p', 'FP64', [2], [0.25, 0.75]], ['c', 'BYTES', [2], classes]];
  return [script, both(protocol, script, {
    rows: [{ age: 30, spend: 1.5 }, { age: 40, spend: 2 }],
    tensors: [['age', 'INT64', [2], [30n, 40n]], ['spend', 'FP32', [2], [1.5, 2]]],
    predictions: [{ p: 0.25, c: 'HIGH' }, { p: 0.75, c: 'LOW' }],
    out,
    outOfV1: out,
  })];
}

function datatypes() {
  const script = new Script([], []);
  return [script, async (check, caller) => {
    for (const way of TENSOR_WAYS) {
      for (const datatype of Object.keys(EXTREMES)) {
        if (datatype === 'FP16' && (way === 'v2 json' || way === 'grpc typed')) {
          continue; // these forms cannot hold it
        }
        await check(`${way} caller, ${datatype}`, async () => {
          const values = way === 'v2 json' && datatype === 'BYTES' ? ['', '\u00e9'].map((t) => Buffer.from(t)) : EXTREMES[datatype];
          script.expect([['o', datatype, [2], values]], { raw: way !== 'v2 json' && ['FP16', 'BYTES'].includes(datatype) });
          const got = await caller.tensors(way, [['i', datatype, [2], values]]);
          assert.deepEqual(rounded(script.one.tensors), [['i', datatype, [2], values]], 'at the predictor');
          assert.deepEqual(got, [['o', datatype, [2], values]], 'at the caller');
        });
      }
    }
  }];
}

/** FP32 comes in JSON as the shortest text that names the float: a reader of FP32 rounds to it. */
function rounded(tensors) {
  return tensors.map(([name, datatype, shape, values]) => [name, datatype, shape, datatype === 'FP32' ? values.map(Math.fround) : values]);
}

async function run(checks, command) {
  for (const protocol of PROTOCOLS) {
    for (const prepare of [numbers, texts, fields, ...(protocol === 'v1' ? [] : [datatypes])]) {
      await group(checks, command, protocol, prepare.name, ...prepare(protocol));
    }
  }
}

module.exports = { run };
