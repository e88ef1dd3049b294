"""What a person wants to know of an image: its size, the time until it is ready, its memory."""
import os, statistics, subprocess

from .shell import expect, output

STARTS = 7

# What an application may be linked to beside its own files: all that a chiseled base has.
BASE = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libgcc_s.so", "libstdc++.so", "ld-linux-x86-64.so")


class Figures:
    """Starts a container a few times, and keeps what was measured."""

    def __init__(self):
        self.seconds, self.megabytes = [], 0

    def started(self, start):
        for _ in range(STARTS - 1):
            with start() as container:
                self.seconds.append(container.ready_after)
        container = start()
        self.seconds.append(container.ready_after)
        self.megabytes = container.memory()
        return container

    @property
    def best(self):
        return min(self.seconds)

    def __str__(self):
        return f"ready after {statistics.median(self.seconds):.3f} s (best {self.best:.3f}), {self.megabytes:.0f} MB at rest"


def application_layer(image):
    """Megabytes of the application, as they lie in the image and compressed as they are sent."""
    compressed = subprocess.run(f"tar -C '{image.root}' -c app | gzip -6 | wc -c", shell=True, check=True, stdout=subprocess.PIPE).stdout
    return int(output("du", "-s", "--apparent-size", "-B1", image.application).split()[0]) / 1e6, int(compressed) / 1e6


def needs_what_the_base_has(image):
    """The libraries that the application's files are linked to: those of a chiseled base, or its own."""
    files = [f for f in os.listdir(image.application) if os.path.isfile(os.path.join(image.application, f))]
    for file in files:
        path = os.path.join(image.application, file)
        with open(path, "rb") as content:
            if content.read(4) != b"\x7fELF":
                continue
        for line in output("readelf", "-d", path).splitlines():
            if "(NEEDED)" in line:
                library = line.split("[")[1].rstrip("]")
                # The runtime's tracing looks for LTTng only where it is asked to.
                expect(library.startswith(BASE) or library in files or file == "libcoreclrtraceptprovider.so", f"{file} needs {library}")
