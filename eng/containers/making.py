"""The ways to make an image of an application of this repository."""
import os, tempfile, uuid

from .images import REPOSITORY, RUNTIME, build, exists, stand_in
from .registry import Registry
from .shell import output, run_logged

DOCKERFILE = os.path.join(REPOSITORY, "Dockerfile")
CUDA = "docker.io/nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04"

# What is known of it: a shell and tools, an entry point and a command of its own, the libraries' place on the path.
CUDA_STAND_IN = f"""FROM {RUNTIME}
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility LD_LIBRARY_PATH=/usr/local/cuda/lib64
ENTRYPOINT ["/opt/nvidia/nvidia_entrypoint.sh"]
CMD ["/bin/bash"]
"""


def tag_of(name):
    return f"localhost/{name}:check"


def said_of_itself():
    return {"REVISION": output("git", "-C", REPOSITORY, "rev-parse", "HEAD"),
            "CREATED": output("git", "-C", REPOSITORY, "log", "-1", "--format=%cI")}


def packages():
    """A name for the folder of packages as it is. A restore that a build takes from before filled the folder of then: where
    that was emptied since, or is another one, the restore has to run again."""
    file = os.path.expanduser("~/.nuget/packages/.name-for-images")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    if not os.path.exists(file):
        with open(file, "w") as new:
            new.write(uuid.uuid4().hex)
    with open(file) as known:
        return known.read()


def with_dockerfile(project, tag, options=""):
    options = f"{options} -p:PackagesOf={packages()}".strip()
    build(REPOSITORY, tag, cache=True, arguments={"PROJECT": project, "OPTIONS": options, **said_of_itself()})


def with_sdk(project, tag):
    """`dotnet publish -t:PublishContainer`, which pulls its base from a registry and writes an archive."""
    stand_in(DOCKERFILE)
    with tempfile.TemporaryDirectory() as work:
        layout, published, archive = (os.path.join(work, name) for name in ("base", "published", "image.tar"))
        run_logged("the base cannot be written", "buildah", "push", "-q", RUNTIME, f"oci:{layout}:base")
        with Registry(layout) as registry:
            run_logged(project + " is not published", "dotnet", "publish", os.path.join(REPOSITORY, project), "-c", "Release", "-r", "linux-x64",
                       "-t:PublishContainer", f"-p:ContainerBaseRegistry={registry.host}", f"-p:PublishDir={published}/",
                       f"-p:ContainerArchiveOutputPath={archive}", "--nologo", "-v", "q")
        name = run_logged("the archive cannot be read", "buildah", "pull", "-q", "oci-archive:" + archive).split()[-1]
        run_logged("no name", "buildah", "tag", name, tag)


def on_cuda(application, tag):
    """Dockerfile.gpu, over a stand-in of NVIDIA's image."""
    stand_in(DOCKERFILE)
    if not exists(CUDA):
        with tempfile.TemporaryDirectory() as empty:
            with open(os.path.join(empty, "Dockerfile"), "w") as file:
                file.write(CUDA_STAND_IN)
            build(empty, CUDA)
    build(REPOSITORY, tag, DOCKERFILE + ".gpu", {"APPLICATION": application, **said_of_itself()})


def for_gpus(project, tag):
    """All of it, with ONNX Runtime for CUDA."""
    application = tag + "-cuda"
    with_dockerfile(project, application, "-p:OnnxRuntime=gpu")
    on_cuda(application, tag)
