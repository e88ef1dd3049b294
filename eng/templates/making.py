"""Makes the image of a project with its own Dockerfile, without a server for packages, and with no work done twice."""
import hashlib, os, re, shutil, tempfile, threading

from containers.images import build

OFFLINE = """<configuration>
  <packageSources><clear /></packageSources>
  <fallbackPackageFolders><add key="machine" value="/machine" /></fallbackPackageFolders>
</configuration>
"""

# The stage that builds begins with what the linker needs, if it needs any: the same for every project.
BEGINNING = re.compile(r"^FROM (\S+) AS build\n(?:(?:#.*\n)*(RUN (?:.*\\\n)*.*\n))?", re.MULTILINE)

# Compiling better what runs once costs more than it gives. Of this nothing gets into the last stage.
QUICKLY = "ENV DOTNET_TieredPGO=0\n"

begins = threading.Lock()


def make(made, others, name):
    """The image's tag. No step but the beginning is kept: layers of what nobody asks for again cost more than they save."""
    # Of this run alone: whoever removes an image takes the containers that were made of it, also those of another run.
    tag = f"localhost/templates-{name.lower()}:{os.getpid()}"
    directory = context(made, name)
    with open(os.path.join(directory, "Dockerfile")) as file:
        text = BEGINNING.sub(lambda match: f"FROM {begun(match)} AS build\n", file.read())
    dockerfile = directory + ".Dockerfile"
    with open(dockerfile, "w") as file:
        file.write(text)
    build(directory, tag, dockerfile, volumes=[others + ":/machine:ro"], nuget=nuget(made, name))
    return tag


def begun(match):
    """An image of a stage's beginning, which stands for it: made once, out of the layers of builds before where there are some."""
    base, step = match.groups()
    text = f"FROM {base}\n{step or ''}{QUICKLY}"
    tag = "localhost/templates-begun-" + hashlib.sha256(text.encode()).hexdigest()[:12]
    with begins, tempfile.TemporaryDirectory() as empty:
        with open(os.path.join(empty, "Dockerfile"), "w") as file:
            file.write(text)
        build(empty, tag, cache=True)
    return tag


def context(made, name):
    """The project as a person would have it before our packages are on a server: with them beside it."""
    directory = os.path.join(made, "images", name)
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(os.path.join(made, "projects", name), directory, ignore=shutil.ignore_patterns("bin", "obj"))
    shutil.copytree(os.path.join(made, "packages"), os.path.join(directory, "packages"), ignore=shutil.ignore_patterns("*.snupkg"))
    return directory


def nuget(made, name):
    """A folder for NuGet that knows no server: packages of others are this machine's, ours have to be in the context. Of its own,
    since two containers do not see each other's locks."""
    folder = os.path.join(made, "images", name + ".nuget")
    os.makedirs(os.path.join(folder, "NuGet"), exist_ok=True)
    with open(os.path.join(folder, "NuGet", "NuGet.Config"), "w") as file:
        file.write(OFFLINE)
    return folder
