"""Builds and runs the images: images FOLDER PACKAGES, where FOLDER is what .ci/templates made and PACKAGES what this machine has
of others' packages. A line an image, and the count; what an image serves stays in FOLDER/published, for others to ask."""
import concurrent.futures, json, os, shutil, subprocess, sys, time

from containers.checks import contents
from containers.figures import application_layer
from containers.images import unpacked
from containers.shell import expect

from . import checks
from .making import make
from .options import projects, uncovered

# Project: what is tried with it, and the most megabytes of the application's layer. options.py says which there have to be.
IMAGES = {
    "Churn.grpc-v2.Typed.Explain.Aot.Docker": (checks.explaining_transformer, 30),
    "Churn.v2.Aot.Tested.Docker": (checks.transformer, 25),
    "Why.Aot.Tested.Docker": (checks.explainer, 60),
    "Churn.v1.Explain.Tested.Docker": (checks.explaining_transformer, 130),
    "Churn.v2.Typed.Docker": (checks.transformer, 130),
    "Why.Docker": (checks.explainer, 200),
}

# What holds for every image of ours, but for what its labels say.
CASES = [case for case in contents.CASES if case is not contents.labels_say_what_it_is]


def check(made, project, tag):
    calls, most = IMAGES[project.name]
    with unpacked(tag) as image:
        for case in CASES:
            case(image)
        expect(image.config["Entrypoint"] == ["/app/" + project.name], "entry point: " + json.dumps(image.config["Entrypoint"]))
        labels = image.config["Labels"]
        expect(labels["org.opencontainers.image.title"] == project.name, "labels: " + json.dumps(labels))
        megabytes = application_layer(image)
        expect(megabytes < most, f"the application's layer has {megabytes:.1f} MB, more than {most}")
        ready = calls(image, project)
        shutil.copytree(image.application, os.path.join(made, "published", project.name))
    return f"layer {megabytes:.1f} MB, ready after {ready:.3f} s"


def made_and_checked(made, others, project):
    begun = time.monotonic()
    tag = make(made, others, project.name)
    seconds = time.monotonic() - begun
    try:
        print(f"{project.name}: built in {seconds:.0f} s, {check(made, project, tag)}", flush=True)
    finally:
        subprocess.run(["buildah", "rmi", "--force", tag], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(arguments):
    made, others = arguments
    known = projects(made)
    failed = 0
    for what in uncovered(known, IMAGES):
        failed += 1
        print(f"{what}: FAILED: it stands in no image", flush=True)
    shutil.rmtree(os.path.join(made, "published"), ignore_errors=True)
    # Two at once where there is memory for two native compilers, since parts of each are serial.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with concurrent.futures.ThreadPoolExecutor(2 if memory > 7e9 else 1) as pool:
        begun = {name: pool.submit(made_and_checked, made, others, known[name]) for name in IMAGES}
        for name, future in begun.items():
            try:
                future.result()
            except Exception as problem:
                failed += 1
                print(f"{name}: FAILED: {type(problem).__name__}: {problem}", flush=True)
    print(f"{max(0, len(IMAGES) - failed)} passed, {failed} failed")
    sys.exit(1 if failed else 0)
