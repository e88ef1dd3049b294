"""What a person wants to know of an image: its size, the time until it is ready, its memory."""
import statistics

from .shell import expect, output

STARTS = 7


class Figures:
    """Starts a server a few times, and keeps what was measured."""

    def __init__(self, start):
        self.seconds, self.processor_time = [], []
        for _ in range(STARTS):
            with start() as server:
                self.seconds.append(server.ready_after)
                self.processor_time.append(server.processor_time)
                self.megabytes = server.memory()

    def check(self, most):
        """On a busy machine the time of the others is not ours: then what it used of the processor counts."""
        expect(min(*self.seconds, *self.processor_time) < most, f"{self}; more than {most} s")

    def __str__(self):
        return (f"ready after {statistics.median(self.seconds):.3f} s (best {min(self.seconds):.3f}, processor "
                f"{statistics.median(self.processor_time):.2f}), {self.megabytes:.0f} MB at rest")


def application_layer(image):
    """Megabytes of the application, as they lie in the image."""
    return int(output("du", "-s", "--apparent-size", "-B1", image.application).split()[0]) / 1e6
