"""Containers: processes in an image's files, as its user, with a read-only root and nothing else of this machine."""
import array, json, os, signal, socket, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

from .shell import expect

INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside.py")


class Container:
    """A running process of an image.

    `mounts` are (directory here, directory in the container), read-only, or with a third "rw". They must exist on both
    sides; images.unpacked makes /mnt/models and what it is asked for."""

    def __init__(self, image, arguments, mounts=(), environment=None):
        command = image.config["Entrypoint"] + list(arguments)
        variables = dict(e.split("=", 1) for e in image.config["Env"]) | (environment or {})
        mounts = [(*mount, "ro")[:3] for mount in mounts]
        read, write = os.pipe()
        job = json.dumps([image.root, mounts, write, command, variables, image.config.get("WorkingDir"), image.config["User"]])
        self.log = tempfile.TemporaryFile("w+")
        self.unshare = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", sys.executable, INSIDE, job],
            pass_fds=[write], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            begun = pipe.read(8)
        expect(len(begun) == 8, "the container did not start: " + self.logged())
        self.begun = array.array("d", begun)[0]
        with open(f"/proc/{self.unshare.pid}/task/{self.unshare.pid}/children") as children:
            self.process = int(children.read() or 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.unshare.poll() is None:
            # unshare's own --kill-child ends with the change of user.
            os.kill(self.process, signal.SIGKILL)
            self.unshare.wait(30)
        self.log.close()

    def logged(self):
        self.log.seek(0)
        return self.log.read()[-3000:]

    def wait(self, seconds=60):
        """What it ends with: the exit code, 128 and the number for a signal."""
        return self.unshare.wait(seconds)

    def terminate(self):
        os.kill(self.process, signal.SIGTERM)

    def stop(self):
        """SIGTERM alone; what it ends with."""
        self.terminate()
        return self.wait()

    def used(self):
        """Seconds of processor time."""
        with open(f"/proc/{self.process}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.process}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


class Server(Container):
    """A container that serves: its port, and how long it took to be ready."""

    def __init__(self, image, arguments, mounts=(), environment=None):
        with socket.socket() as free, socket.socket() as free_too:
            free.bind(("127.0.0.1", 0))
            free_too.bind(("127.0.0.1", 0))
            self.port, self.grpc_port = free.getsockname()[1], free_too.getsockname()[1]
        # As KServe does it: the user's, then its own; the explainer gets --http_port whether or not it was given.
        super().__init__(image, [*arguments, f"--grpc_port={self.grpc_port}", "--http_port", str(self.port)], mounts, environment)
        try:
            self.ready_after = self.wait_ready() - self.begun
            self.processor_time = self.used()
        except BaseException:
            self.__exit__()
            raise

    def call(self, path, body=None, seconds=60):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return json.load(answer)

    def is_ready(self):
        try:
            self.call("/v2/health/ready", seconds=10)
            return True
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self):
        limit = time.monotonic() + 60
        while not self.is_ready():
            expect(self.unshare.poll() is None and time.monotonic() < limit, "it is not ready: " + self.logged())
            time.sleep(0.001)
        return time.monotonic()

    def drains(self, predictor, path, body):
        """SIGTERM while the predictor still works on a request: nothing new is taken, and the request gets its answer."""
        answers = []
        predictor.hold()
        caller = threading.Thread(target=lambda: answers.append(self.call(path, body)))
        caller.start()
        expect(predictor.entered.wait(30), "the predictor was not called: " + self.logged())
        self.terminate()
        limit = time.monotonic() + 30
        while self.is_ready():
            expect(time.monotonic() < limit, "it is ready after SIGTERM")
        expect(self.unshare.poll() is None, "it ended with a request in flight")
        predictor.go_on()
        caller.join(60)
        expect(len(answers) == 1, "the request in flight was lost: " + self.logged())
        expect(self.wait() == 0, "it ended with " + str(self.unshare.returncode) + ": " + self.logged())
        return answers[0]
