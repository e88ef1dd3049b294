'use strict';
// grpc-js as the client: every call, every datatype, compression, deadlines, errors.

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const { health, inference, reflection } = require('./protocol');
const { PATIENCE } = require('./harness');
const { EXTREMES, KINDS, fromGrpc, toGrpc } = require('./tensors');

const { status } = grpc;

const ERRORS = [
  ['invalid-input', status.INVALID_ARGUMENT, 'bad thing'],
  ['inference-error', status.INVALID_ARGUMENT, 'boom'],
  ['unsupported-protocol', status.INVALID_ARGUMENT, 'Unsupported protocol v9.'],
  ['model-not-found', status.NOT_FOUND, 'Model with name zz does not exist.'],
  ['model-not-ready', status.UNAVAILABLE, 'Model with name zz is not ready. det'],
  ['server-not-ready', status.UNAVAILABLE, 'Server is not ready.'],
  ['not-implemented', status.UNIMPLEMENTED, 'nope'],
  ['other-error', status.INTERNAL, null],
  ['zzz', status.NOT_FOUND, 'Model with name zzz does not exist.'],
  ['\u00e9', status.NOT_FOUND, 'Model with name \u00e9 does not exist.'],
];

const ONE = [['a', 'FP32', [1], [1.5]]];

function inferRequest(model, tensors, { raw = false, id = '1' } = {}) {
  const contents = raw ? [] : undefined;
  return { model_name: model, id, inputs: tensors.map((t) => toGrpc(t, contents)), raw_input_contents: contents ?? [] };
}

const outputs = (response) => fromGrpc(response.outputs, response.raw_output_contents);

/** Makes a unary call a promise. */
function call(client, rpc, message, options = {}) {
  return new Promise((resolve, reject) => {
    const { timeout = PATIENCE, ...rest } = options;
    client[rpc](message, new grpc.Metadata(), { deadline: Date.now() + timeout, ...rest },
      (error, response) => (error ? reject(error) : resolve(response)));
  });
}

async function fails(promise, code, details) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    if (details) {
      assert.equal(error.details, details);
    }
    return true;
  });
}

async function run(checks, server) {
  const address = `127.0.0.1:${server.grpcPort}`;
  const limits = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  const client = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure(), limits);
  const infer = (message, options) => call(client, 'ModelInfer', message, options);

  await checks.run('server calls', async () => {
    assert.equal((await call(client, 'ServerLive', {})).live, true);
    assert.equal((await call(client, 'ServerReady', {})).ready, false, 'the model nr is not ready');
    assert.ok((await call(client, 'ServerMetadata', {})).extensions.includes('model_repository_extension'));
  });

  await checks.run('model calls', async () => {
    assert.equal((await call(client, 'ModelReady', { name: 'echo' })).ready, true);
    assert.equal((await call(client, 'ModelReady', { name: 'nr' })).ready, false);
    await fails(call(client, 'ModelReady', { name: 'zzz' }), status.NOT_FOUND, 'Model with name zzz does not exist.');
    const metadata = await call(client, 'ModelMetadata', { name: 'meta' });
    assert.deepEqual(metadata.inputs, [{ name: 'in0', datatype: 'FP32', shape: ['-1', '4'] }]);
    assert.deepEqual(metadata.outputs, [{ name: 'out0', datatype: 'INT64', shape: ['-1'] }]);
  });

  await checks.run('repository calls', async () => {
    assert.deepEqual(await call(client, 'RepositoryModelLoad', { model_name: 'echo' }), { model_name: 'echo', isLoaded: true });
    assert.deepEqual(await call(client, 'RepositoryModelUnload', { model_name: 'str' }), { model_name: 'str', isUnloaded: true });
    await fails(call(client, 'RepositoryModelUnload', { model_name: 'str' }), status.NOT_FOUND, 'Model with name str does not exist.');
  });

  for (const [datatype, [, , field]] of Object.entries(KINDS)) {
    for (const raw of field ? [false, true] : [true]) {
      await checks.run(`infer ${datatype} ${raw ? 'raw' : 'typed'}`, async () => {
        const sent = ['a', datatype, [2], EXTREMES[datatype]];
        const response = await infer(inferRequest('echo', [sent], { raw, id: '42' }));
        assert.deepEqual([response.model_name, response.model_version, response.id], ['echo', '', '42']);
        assert.deepEqual(outputs(response), [sent]);
        assert.equal(response.raw_output_contents.length, raw ? 1 : 0);
      });
    }
  }

  await checks.run('gzip', async () => {
    const zipping = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure(), {
      'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
    });
    const zeros = [['a', 'FP64', [1000], new Array(1000).fill(0)]];
    assert.deepEqual(outputs(await call(zipping, 'ModelInfer', inferRequest('echo', ONE))), ONE);
    assert.deepEqual(outputs(await call(zipping, 'ModelInfer', inferRequest('echo', zeros, { raw: true }))), zeros);
    zipping.close();
  });

  await checks.run('deadline', () => fails(infer(inferRequest('slow', ONE), { timeout: 300 }), status.DEADLINE_EXCEEDED));

  await checks.run('cancellation', async () => {
    const error = await new Promise((resolve) => {
      const begun = client.ModelInfer(inferRequest('slow', ONE), (raised) => resolve(raised));
      begun.cancel();
    });
    assert.equal(error.code, status.CANCELLED);
    assert.deepEqual(outputs(await infer(inferRequest('echo', ONE))), ONE);
  });

  for (const [model, code, details] of ERRORS) {
    await checks.run(`error ${model}`, () => fails(infer(inferRequest(model, ONE)), code, details));
  }

  await checks.run('bad requests', async () => {
    await fails(infer(inferRequest('echo', [['a', 'FP32', [3], [1]]])), status.INVALID_ARGUMENT);
    const count = inferRequest('echo', [['a', 'FP32', [1], [1]], ['b', 'FP32', [1], [1]]], { raw: true });
    count.raw_input_contents.pop();
    await fails(infer(count), status.INVALID_ARGUMENT,
      "the number of inputs (2) does not match the expected number of raw input contents (1) for model 'echo'.");
  });

  await checks.run('too large', async () => {
    const big = inferRequest('echo', [['a', 'UINT8', [9_000_000], []]], { raw: true });
    big.raw_input_contents = [Buffer.alloc(9_000_000)];
    await fails(infer(big), status.RESOURCE_EXHAUSTED);
  });

  await checks.run('stream', async () => {
    const stream = client.ModelStreamInfer({ deadline: Date.now() + PATIENCE });
    const answers = stream[Symbol.asyncIterator]();
    const next = async (message) => {
      stream.write(message);
      return (await answers.next()).value;
    };
    // Each answer comes before the next request goes out.
    const first = await next(inferRequest('echo', ONE, { id: '1' }));
    assert.deepEqual([first.error_message, first.infer_response.id], ['', '1']);
    assert.match((await next(inferRequest('zzz', ONE, { id: '2' }))).error_message, /zzz/);
    const third = await next(inferRequest('echo', ONE, { id: '3', raw: true }));
    assert.deepEqual(outputs(third.infer_response), ONE);
    stream.end();
    assert.equal((await answers.next()).done, true);
  });

  await checks.run('concurrency', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => `${i}`);
    const responses = await Promise.all(ids.map((id) => infer(inferRequest('echo', ONE, { id }))));
    assert.deepEqual(responses.map((r) => r.id), ids);
  });

  for (const version of ['v1', 'v1alpha']) {
    await checks.run(`reflection ${version}`, async () => {
      const service = new reflection[version].ServerReflection(address, grpc.credentials.createInsecure());
      const stream = service.ServerReflectionInfo({ deadline: Date.now() + PATIENCE });
      stream.write({ list_services: '' });
      stream.write({ file_containing_symbol: 'inference.GRPCInferenceService' });
      stream.write({ file_containing_symbol: 'no.such.Symbol' });
      stream.end();
      const answers = [];
      for await (const answer of stream) {
        answers.push(answer);
      }
      const names = answers[0].list_services_response.service.map((s) => s.name);
      assert.ok(names.includes('inference.GRPCInferenceService') && names.includes('grpc.health.v1.Health'), `${names}`);
      assert.ok(answers[1].file_descriptor_response.file_descriptor_proto.some((f) => f.includes('ModelStreamInfer')));
      assert.equal(answers[2].message_response, 'error_response');
      service.close();
    });
  }

  // Last: it changes the server.
  await checks.run('health', async () => {
    const service = new health.Health(address, grpc.credentials.createInsecure());
    assert.equal((await call(service, 'Check', { service: '' })).status, 'NOT_SERVING');
    await fails(call(service, 'Check', { service: 'no.such' }), status.NOT_FOUND);
    const watch = service.Watch({ service: '' }, { deadline: Date.now() + PATIENCE });
    const states = watch[Symbol.asyncIterator]();
    assert.equal((await states.next()).value.status, 'NOT_SERVING');
    await call(client, 'RepositoryModelUnload', { model_name: 'nr' });
    assert.equal((await states.next()).value.status, 'SERVING');
    watch.on('error', () => {}); // the cancellation below is one
    watch.cancel();
    assert.equal((await call(client, 'ServerReady', {})).ready, true);
    service.close();
  });

  client.close();
}

module.exports = { run, call, inferRequest, outputs };
