'use strict';
// Predictors for the server to stand in front of: V1 and V2 by node's http, gRPC by grpc-js. They record and answer.

const http = require('node:http');
const grpc = require('@grpc/grpc-js');
const { inference } = require('./protocol');
const { fromGrpc, fromV2, parseExactly, toGrpc, toV2 } = require('./tensors');

/** What one group of checks wants of the predictor: its metadata, its answer, and what it has received. */
class Script {
  received = [];

  constructor(inputs, outputs) {
    this.inputs = inputs; // [[name, datatype, shape]]
    this.outputs = outputs;
  }

  /** The answer: for V1 the JSON text, else [[name, datatype, shape, values]]; an error is [HTTP status, gRPC code, text]. */
  expect(answer, { raw = false, error = null } = {}) {
    Object.assign(this, { received: [], answer, raw, error });
  }

  get one() {
    if (this.received.length !== 1) {
      throw new Error(`the predictor was called ${this.received.length} times`);
    }
    return this.received[0];
  }
}

function tensorsAnswer(script, { id, parameters }) {
  const tail = script.raw || parameters?.binary_data_output ? [] : undefined;
  const outputs = script.answer.map((t) => toV2(t, tail));
  const document = Buffer.from(`{"model_name":"proxy","id":${JSON.stringify(id ?? 'made-up')},"outputs":[${outputs}]}`);
  return tail
    ? { body: Buffer.concat([document, ...tail]), headers: { 'Content-Type': 'application/octet-stream', 'Inference-Header-Content-Length': document.length } }
    : { body: document, headers: {} };
}

function answerHttp(script, request, body) {
  const describe = (tensors) => tensors.map(([name, datatype, shape]) => ({ name, datatype, shape }));
  const json = (status, value) => ({ status, body: Buffer.from(JSON.stringify(value)), headers: {} });
  if (request.method === 'GET' && request.url === '/v2/models/proxy') {
    return json(200, { name: 'proxy', versions: ['1'], platform: 'node', inputs: describe(script.inputs), outputs: describe(script.outputs) });
  }
  const v1 = request.url === '/v1/models/proxy:predict';
  if (request.method !== 'POST' || !(v1 || request.url === '/v2/models/proxy/infer')) {
    return json(404, { error: `not here: ${request.method} ${request.url}` });
  }
  const { headers } = request;
  if (v1) {
    script.received.push({ headers, body: JSON.parse(body) });
  } else {
    const length = Number(headers['inference-header-content-length'] ?? body.length);
    const document = parseExactly(body.subarray(0, length).toString());
    script.received.push({ headers, id: document.id, parameters: document.parameters, tensors: fromV2(document.inputs, body.subarray(length)) });
  }
  if (script.error) {
    return json(script.error[0], { error: script.error[2] });
  }
  return v1
    ? { status: 200, body: Buffer.from(script.answer), headers: {} }
    : { status: 200, ...tensorsAnswer(script, script.one) };
}

async function startHttp(script) {
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      let answer;
      try {
        answer = answerHttp(script, request, Buffer.concat(parts));
      } catch (error) {
        answer = { status: 500, body: Buffer.from(JSON.stringify({ error: `node predictor: ${error.stack}` })), headers: {} };
      }
      response.writeHead(answer.status, { 'Content-Type': 'application/json', 'Content-Length': answer.body.length, ...answer.headers });
      response.end(answer.body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

async function startGrpc(script) {
  const server = new grpc.Server();
  const describe = (tensors) => tensors.map(([name, datatype, shape]) => ({ name, datatype, shape }));
  server.addService(inference.GRPCInferenceService.service, {
    ServerLive: (_, reply) => reply(null, { live: true }),
    ServerReady: (_, reply) => reply(null, { ready: true }),
    ModelReady: (_, reply) => reply(null, { ready: true }),
    ModelMetadata: ({ request }, reply) => reply(null, {
      name: request.name, versions: ['1'], platform: 'node', inputs: describe(script.inputs), outputs: describe(script.outputs),
    }),
    ModelInfer: ({ request, metadata }, reply) => {
      const tensors = fromGrpc(request.inputs, request.raw_input_contents);
      script.received.push({ headers: metadata.getMap(), id: request.id, model: request.model_name, tensors });
      if (script.error) {
        reply({ code: script.error[1], details: script.error[2] });
        return;
      }
      const raw = script.raw ? [] : undefined;
      const outputs = script.answer.map((t) => toGrpc(t, raw));
      reply(null, { model_name: 'proxy', id: request.id || 'made-up', outputs, raw_output_contents: raw ?? [] });
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { host: `127.0.0.1:${port}`, stop: async () => server.forceShutdown() };
}

const startPredictor = (protocol, script) => (protocol === 'grpc-v2' ? startGrpc(script) : startHttp(script));

module.exports = { Script, startPredictor };
