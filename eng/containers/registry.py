"""A registry that has one image: what a container tool asks for when it pulls."""
import contextlib, http.server, json, os, re, shutil, threading


class Registry(http.server.ThreadingHTTPServer):
    """Serves the image of an OCI layout under any name and tag, over plain HTTP on this machine."""

    def __init__(self, layout):
        self.blobs = os.path.join(layout, "blobs")
        with open(os.path.join(layout, "index.json")) as file:
            self.manifest = json.load(file)["manifests"][0]["digest"]
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self):
        return "localhost:%d" % self.server_port

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = re.fullmatch(r"/v2/.+/(manifests|blobs)/([^/]+)", self.path)
        if self.path in ("/v2/", "/v2"):
            self.answer(200, "application/json", 2)
            self.send(b"{}")
        elif asked is None:
            self.answer(404, "application/json", 0)
        else:
            digest = asked[2] if asked[2].startswith("sha256:") else self.server.manifest
            path = os.path.join(self.server.blobs, *digest.split(":"))
            if not re.fullmatch("sha256:[0-9a-f]{64}", digest) or not os.path.exists(path):
                self.answer(404, "application/json", 0)
                return
            with open(path, "rb") as blob:
                kind = json.load(blob)["mediaType"] if asked[1] == "manifests" else "application/octet-stream"
                blob.seek(0)
                self.answer(200, kind, os.path.getsize(path), digest)
                self.send(blob)

    do_HEAD = do_GET

    def answer(self, status, kind, length, digest=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if digest:
            self.send_header("Docker-Content-Digest", digest)
        self.end_headers()

    def send(self, body):
        if self.command == "HEAD":
            return
        with contextlib.suppress(BrokenPipeError):
            if isinstance(body, bytes):
                self.wfile.write(body)
            else:
                shutil.copyfileobj(body, self.wfile)

    def log_message(self, *_):
        pass
