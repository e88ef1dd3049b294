"""Builds and runs the images: images FOLDER, where FOLDER is what .ci/templates made. A line an image, and the count."""
import json, os, re, shutil, subprocess, sys, time, uuid

from containers.checks import contents
from containers.figures import application_layer
from containers.images import build, unpacked
from containers.shell import expect

from . import checks

# Project: check, protocol of its predictor, most megabytes of the application's layer. Each is an image of its own kind: a native
# file, .NET compiled ahead of time, and a native file with ONNX Runtime beside it.
IMAGES = {
    "Churn.v2.Aot.Tested.Docker": (checks.transformer, "v2", 25),
    "Churn.v1.Explain.Tested.Docker": (checks.explaining_transformer, "v1", 130),
    "Why.Aot.Tested.Docker": (checks.explainer, "v1", 60),
}

# What holds for every image of ours, but for what its labels say.
CASES = [case for case in contents.CASES if case is not contents.labels_say_what_it_is]

OFFLINE = """<configuration>
  <packageSources><clear /></packageSources>
  <fallbackPackageFolders><add key="machine" value="/machine" /></fallbackPackageFolders>
</configuration>
"""


def context(made, name):
    """The project as a person would have it before our packages are on a server: with them beside it."""
    directory = os.path.join(made, "images", name)
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(os.path.join(made, "projects", name), directory, ignore=shutil.ignore_patterns("bin", "obj"))
    shutil.copytree(os.path.join(made, "packages"), os.path.join(directory, "packages"), ignore=shutil.ignore_patterns("*.snupkg"))
    # What a restore reads is new, so that it is not taken from a build before: what that restored is gone.
    with open(os.path.join(directory, "packages", "Directory.Build.props"), "w") as file:
        file.write(f"<Project><!-- {uuid.uuid4()} --></Project>")
    return directory


def nuget(made):
    """A folder for NuGet that knows no server: packages of others are this machine's, ours have to be in the context."""
    folder = os.path.join(made, "images", "nuget")
    os.makedirs(os.path.join(folder, "NuGet"), exist_ok=True)
    with open(os.path.join(folder, "NuGet", "NuGet.Config"), "w") as file:
        file.write(OFFLINE)
    return folder


def check(made, name, others):
    calls, protocol, most = IMAGES[name]
    service = name.lower().replace(".", "-")
    tag = f"localhost/templates-{service}:check"
    begun = time.monotonic()
    built = build(context(made, name), tag, volumes=[others + ":/machine:ro"], cache=True, nuget=nuget(made))
    seconds = time.monotonic() - begun
    try:
        with unpacked(tag) as image:
            for case in CASES:
                case(image)
            expect(image.config["Entrypoint"] == ["/app/" + name], "entry point: " + json.dumps(image.config["Entrypoint"]))
            labels = image.config["Labels"]
            expect(labels["org.opencontainers.image.title"] == name, "labels: " + json.dumps(labels))
            megabytes = application_layer(image)
            expect(megabytes < most, f"the application's layer has {megabytes:.1f} MB, more than {most}")
            ready = calls(image, service, protocol)
            print(f"{name}: built in {seconds:.0f} s, layer {megabytes:.1f} MB, ready after {ready:.3f} s", flush=True)
    finally:
        # Not those of builds before this one, which others may be using: they are told of as well.
        before = re.findall(r"^--> Using cache ([0-9a-f]{11})", built, re.MULTILINE)
        layers = [layer for layer in re.findall(r"^--> ([0-9a-f]{11})$", built, re.MULTILINE) if layer not in before]
        subprocess.run(["buildah", "rmi", "--force", tag, *reversed(layers)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(arguments):
    made, others = arguments
    failed = 0
    for name in IMAGES:
        try:
            check(made, name, others)
        except Exception as problem:
            failed += 1
            print(f"{name}: FAILED: {type(problem).__name__}: {problem}", flush=True)
    print(f"{len(IMAGES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
