"""Builds the images of this repository's applications, runs each as KServe would, and says what a person wants to know.

    .ci/containers [--no-build] [NAME...]
    .ci/containers --only-build [NAME...]    runs none: a build after this one takes what it made
    .ci/containers --bases                   only the stand-ins of the base images, which other runs then find

Whatever fails is named, and the last line has the count."""
import concurrent.futures, os, sys, time

from .checks import IMAGES, contents, layers
from .figures import Figures, application_layer
from .images import CHECK, stand_in, unpacked
from .making import DOCKERFILE, tag_of
from .shell import expect


class Count:
    """Runs cases, tells of those that fail, and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def run(self, image, what, case, *arguments):
        try:
            result = case(*arguments)
            self.passed += 1
            return result
        except Exception as problem:
            self.failed += 1
            print(f"{image}: {what}: FAILED: {type(problem).__name__}: {problem}", flush=True)
            return None


def make(name, expected):
    begun = time.monotonic()
    expected.make(tag_of(name))
    print(f"{name}: built in {time.monotonic() - begun:.0f} s", flush=True)
    return True


def make_all(names, count):
    """Those that could be made. Two at once where there is memory for two native compilers, since parts of each are serial."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    made = []
    with concurrent.futures.ThreadPoolExecutor(2 if memory > 7e9 else 1) as pool:
        begun = {}
        for name in names:
            # What is made of another image waits for it.
            before = begun.get(IMAGES[name].made_of)
            begun[name] = pool.submit(lambda name=name, before=before: (before and before.result(), make(name, IMAGES[name])))
        for name, future in begun.items():
            if count.run(name, "build", future.result):
                made.append(name)
    return made


def check(name, expected, count):
    with unpacked(tag_of(name)) as image:
        count.run(name, "base", expect, image.base == expected.base, f"the base is {image.base}")
        for case in contents.CASES + expected.cases:
            count.run(name, case.__name__.replace("_", " "), case, image)
        count.run(name, "size and time", measure, name, image, expected)


def measure(name, image, expected):
    megabytes = application_layer(image)
    figures = Figures(lambda: expected.start(image))
    print(f"{name}: layer {megabytes:.1f} MB, {figures}", flush=True)
    expect(megabytes < expected.megabytes, f"the application's layer has {megabytes:.1f} MB, more than {expected.megabytes}")
    figures.check(expected.seconds)


def main(arguments):
    do_build = "--no-build" not in arguments
    if do_build and not os.path.exists(CHECK):
        sys.exit(f"{CHECK} is not there; the images cannot be built")
    if "--bases" in arguments:
        stand_in(DOCKERFILE)
        return
    names = [a for a in arguments if not a.startswith("-")] or [name for name, expected in IMAGES.items() if not expected.on_request]
    count = Count()
    if do_build:
        if len(names) > 1:
            for case in layers.CASES:
                count.run("Dockerfile", case.__name__.replace("_", " "), case)
        names = make_all(names, count)
    for name in names if "--only-build" not in arguments else []:
        count.run(name, "run", check, name, IMAGES[name], count)
    print(f"{count.passed} passed, {count.failed} failed")
    sys.exit(1 if count.failed else 0)
