"""What holds for the files and the description of every image."""
import fnmatch, json, os, re

from ..images import REPOSITORY, laid_out
from ..shell import expect, output

# What an application may be linked to beside its own files: all that a chiseled base has.
BASE = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libgcc_s.so", "libstdc++.so", "ld-linux-x86-64.so")

# And what comes with CUDA, or with TensorRT for those who bring it, for the providers that are loaded when they are asked for.
CUDA = ("libcublas.so", "libcublasLt.so", "libcudart.so", "libcuda.so", "libcudnn.so", "libcurand.so", "libnvinfer.so", "libnvonnxparser.so")

# Nothing that was only needed to make it, and nothing that says where.
JUNK = ("*.pdb", "*.dbg", "*.xml", "*.cs", "*.csproj", "*.props", "*.nupkg", "*.sh", "*.lib", "*.a", ".*", "appsettings.Development.json")


def version():
    with open(os.path.join(REPOSITORY, "Directory.Build.props")) as file:
        return re.search("<Version>(.+)</Version>", file.read())[1]


def process_is_kserves_to_give_arguments(image):
    config = image.config
    expect(config["User"] in ("1654", "1654:1654"), "user: " + config["User"])
    expect(not config.get("Cmd"), "arguments that KServe's do not take the place of: " + json.dumps(config))
    expect(len(config["Entrypoint"]) == 1 and config["Entrypoint"][0].startswith("/app/"), "entry point: " + json.dumps(config["Entrypoint"]))
    entry_point = image.root + config["Entrypoint"][0]
    expect(os.path.isdir(image.application), "the image's files are gone: somebody else removed the container that they lay in")
    expect(os.access(entry_point, os.X_OK), f"the entry point cannot be run: {whats_wrong_with(entry_point)}")
    expect(set(config["ExposedPorts"]) == {"8080/tcp", "8081/tcp"}, "ports: " + json.dumps(config["ExposedPorts"]))


def whats_wrong_with(entry_point):
    if os.path.islink(entry_point) and not os.path.exists(entry_point):
        return f"it leads to {os.readlink(entry_point)!r}, which is not there"
    return oct(os.stat(entry_point).st_mode) if os.path.exists(entry_point) else f"/app has {sorted(os.listdir(os.path.dirname(entry_point)))}"


def labels_say_what_it_is(image):
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in image.config["Labels"].items()}
    expect(labels["licenses"] == "Apache-2.0", "licence: " + json.dumps(labels))
    expect(labels["version"] == version(), "version: " + json.dumps(labels))
    expect(labels["title"].startswith("Sidecars") and labels["description"], "title and description: " + json.dumps(labels))
    expect(re.fullmatch("[0-9a-f]{40}", labels["revision"]), "revision: " + json.dumps(labels))
    expect(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", labels["created"]), "created: " + json.dumps(labels))


def environment_suits_a_read_only_root(image):
    environment = dict(e.split("=", 1) for e in image.config["Env"])
    expect(environment.get("DOTNET_EnableDiagnostics") == "0", "diagnostics want to write")
    expect(environment.get("ASPNETCORE_HTTP_PORTS") == "", "the base's port would be told of beside the flags'")
    expect(environment.get("ORT_DISABLE_TELEMETRY") == "1", "ONNX Runtime would send telemetry, and keep an id for it")


def nothing_is_in_it_but_the_application(image):
    for directory, _, files in os.walk(image.application):
        for file in files:
            expect(not any(fnmatch.fnmatch(file, pattern) for pattern in JUNK), f"{directory}/{file} does not belong there")
            # .NET's SDK gives the files to the user; the read-only root is what keeps them.
            state = os.stat(os.path.join(directory, file))
            expect(not state.st_mode & 0o022, f"{directory}/{file} can be changed by anybody")
    with laid_out(image.base) as base:
        ours, theirs = listing(image.root), listing(base)
        expect(ours == theirs, f"outside /app it differs from its base: {sorted(ours ^ theirs)[:10]}")


def listing(root):
    return set(output("find", root, "-xdev", "-path", root + "/app", "-prune", "-o", "-not", "-type", "d", "-printf", "%P %s %m\n").splitlines())


def needs_what_the_base_has(image):
    """The libraries that the application's files are linked to: those of its base, or its own."""
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
                known = BASE + CUDA if file.startswith("libonnxruntime_providers_") else BASE
                expect(library.startswith(known) or library in files or file == "libcoreclrtraceptprovider.so", f"{file} needs {library}")


CASES = [process_is_kserves_to_give_arguments, labels_say_what_it_is, environment_suits_a_read_only_root,
         nothing_is_in_it_but_the_application, needs_what_the_base_has]
