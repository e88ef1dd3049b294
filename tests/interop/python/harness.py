"""What every check needs: counting, the server as a process, plain HTTP."""

import http.client
import json
import os
import select
import socket
import subprocess
import tempfile
import time
import traceback

PATIENCE = 60


class Checks:
    """Counts what held and what did not, and says so as it goes."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, name, check, *args):
        try:
            check(*args)
        except Exception:  # a failed check must not end the others
            self.failed += 1
            print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
        else:
            self.passed += 1

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def same(actual, expected, what="value"):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def free_ports(count):
    listeners = [socket.socket() for _ in range(count)]
    try:
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


class Server:
    """The server under test; a context manager. Waits for both ports."""

    def __init__(self, command, *arguments):
        self.http_port, self.grpc_port = free_ports(2)
        self.log = tempfile.TemporaryFile()
        ports = ["--http_port", str(self.http_port), "--grpc_port", str(self.grpc_port)]
        self.process = subprocess.Popen(
            [*command, *ports, *arguments], stdout=self.log, stderr=subprocess.STDOUT, cwd=tempfile.gettempdir(), env=self._environment())

    def __enter__(self):
        limit = time.monotonic() + PATIENCE
        for port in (self.http_port, self.grpc_port):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
                    break
                except ConnectionRefusedError:
                    holds(self.process.poll() is None, f"the server ended with {self.process.returncode}\n{self.output()}")
                    holds(time.monotonic() < limit, f"the server does not listen\n{self.output()}")
                    select.select([], [], [], 0.02)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def request(self, method, path, body=None, headers=None):
        """Returns status, headers (lower-case names) and the body's bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def post_json(self, path, payload):
        """Returns status and decoded JSON."""
        status, _, body = self.request("POST", path, json.dumps(payload).encode(), {"Content-Type": "application/json"})
        return status, json.loads(body)

    @staticmethod
    def _environment():
        ours = ("CE_", "OTEL_", "KSERVE_", "ASPNETCORE_")
        return {k: v for k, v in os.environ.items() if not k.startswith(ours) and not k.endswith("_CA_BUNDLE")}
