"""Stands for the predictor, and can be held in the middle of a call."""
import http.server, json, ssl, threading


class Predictor(http.server.ThreadingHTTPServer):
    """Answers every POST with `answer(request, binary)`, as V1 and V2 do; over TLS where it has a certificate."""

    def __init__(self, answer, certificate=None, key=None):
        self.answer, self.entered, self.gate = answer, threading.Event(), threading.Event()
        self.gate.set()
        super().__init__(("127.0.0.1", 0), Handler)
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate, key)
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self):
        return "127.0.0.1:%d" % self.server_port

    def __exit__(self, *_):
        self.go_on()
        self.shutdown()
        self.server_close()

    def hold(self):
        self.entered.clear()
        self.gate.clear()

    def go_on(self):
        self.gate.set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.entered.set()
        self.server.gate.wait(60)
        header = int(self.headers.get("Inference-Header-Content-Length", len(body)))
        answer = json.dumps(self.server.answer(json.loads(body[:header]), body[header:])).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass
