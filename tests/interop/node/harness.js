'use strict';
// What every check needs: counting, the server as a process, plain HTTP.

const { spawn } = require('node:child_process');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const timers = require('node:timers/promises');

const PATIENCE = 60_000;

class Checks {
  passed = 0;
  failed = 0;

  async run(name, check) {
    try {
      await check();
      this.passed++;
    } catch (error) {
      this.failed++;
      console.log(`FAILED ${name}\n${error.stack}`);
    }
  }

  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const listener = net.createServer();
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

/** The server under test. */
class Server {
  static async start(command, ...args) {
    const server = new Server();
    server.httpPort = await freePort();
    server.grpcPort = await freePort();
    const env = Object.fromEntries(Object.entries(process.env)
      .filter(([name]) => !/^(CE_|OTEL_|KSERVE_|ASPNETCORE_)|_CA_BUNDLE$/.test(name)));
    const ports = ['--http_port', `${server.httpPort}`, '--grpc_port', `${server.grpcPort}`];
    server.output = '';
    server.process = spawn(command[0], [...command.slice(1), ...ports, ...args], { cwd: os.tmpdir(), env });
    server.exited = new Promise((resolve) => server.process.once('exit', resolve));
    for (const stream of [server.process.stdout, server.process.stderr]) {
      stream.on('data', (data) => { server.output += data; });
    }
    const limit = Date.now() + PATIENCE;
    for (const port of [server.httpPort, server.grpcPort]) {
      while (!await connects(port)) {
        if (server.process.exitCode !== null || Date.now() > limit) {
          server.process.kill('SIGKILL');
          throw new Error(`the server does not listen (exit code ${server.process.exitCode})\n${server.output}`);
        }
        await timers.setTimeout(20);
      }
    }
    return server;
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Gives status, headers and body of an answer. */
  request(method, path, body, headers = {}) {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const request = http.request(
        { host: '127.0.0.1', port: this.httpPort, method, path, headers: { ...headers, ...length }, agent: false, timeout: PATIENCE },
        (response) => {
          const parts = [];
          response.on('data', (part) => parts.push(part));
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
          response.on('error', reject);
        });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Gives status and decoded JSON. */
  async postJson(path, payload) {
    const { status, body } = await this.request('POST', path, JSON.stringify(payload), { 'Content-Type': 'application/json' });
    return { status, body: JSON.parse(body) };
  }
}

module.exports = { Checks, Server, PATIENCE };
