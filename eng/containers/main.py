"""Builds the images of this repository's applications, runs each as KServe would, and says what a person wants to know.

    .ci/containers [--no-build] [NAME...]

One line an image, and a last line with the count."""
import json, os, sys, time

from .checks import IMAGES
from .figures import Figures, application_layer, needs_what_the_base_has
from .images import CHECK, REPOSITORY, build, unpacked
from .shell import expect


def check(name, do_build):
    expected = IMAGES[name]
    tag = f"localhost/{name}:check"
    if do_build:
        begun = time.monotonic()
        build(REPOSITORY, tag, arguments={"PROJECT": expected.project, "OPTIONS": os.environ.get("BUILD_OPTIONS", "")}, cache=True)
        print(f"{name}: built in {time.monotonic() - begun:.0f} s", flush=True)
    with unpacked(tag) as image:
        config = image.config
        expect(config["User"] == "1654:1654" and "Cmd" not in config, "user and arguments: " + json.dumps(config))
        expect(config["Entrypoint"] == ["/app/entrypoint"], "entry point: " + json.dumps(config["Entrypoint"]))
        expect(config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0", "labels: " + json.dumps(config["Labels"]))
        needs_what_the_base_has(image)
        megabytes, compressed = application_layer(image)
        expect(megabytes < expected.megabytes, f"the application's layer has {megabytes:.1f} MB, more than {expected.megabytes}")
        figures = Figures()
        expected.calls(image, figures)
        print(f"{name}: layer {megabytes:.1f} MB ({compressed:.1f} compressed), {figures}", flush=True)
        expect(figures.best < expected.seconds, f"ready after {figures.best:.3f} s, more than {expected.seconds}")


def main(arguments):
    do_build = "--no-build" not in arguments
    if do_build and not os.path.exists(CHECK):
        sys.exit(f"{CHECK} is not there; the images cannot be built")
    names = [a for a in arguments if not a.startswith("-")] or list(IMAGES)
    failed = 0
    for name in names:
        try:
            check(name, do_build)
        except Exception as problem:
            failed += 1
            print(f"{name}: FAILED: {type(problem).__name__}: {problem}", flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
