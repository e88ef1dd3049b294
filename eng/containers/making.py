"""The two ways to make an image of an application of this repository."""
import os, tempfile

from .images import REPOSITORY, RUNTIME, build, stand_in
from .registry import Registry
from .shell import output, run_logged

DOCKERFILE = os.path.join(REPOSITORY, "Dockerfile")


def with_dockerfile(project, tag):
    build(REPOSITORY, tag, cache=True, arguments={
        "PROJECT": project,
        "OPTIONS": os.environ.get("BUILD_OPTIONS", ""),
        "REVISION": output("git", "-C", REPOSITORY, "rev-parse", "HEAD"),
        "CREATED": output("git", "-C", REPOSITORY, "log", "-1", "--format=%cI")})


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
