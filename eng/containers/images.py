"""Builds images with buildah over stand-ins of their base images, and lays out their files as a small base has them."""
import contextlib, dataclasses, fcntl, json, os, re, shutil, subprocess, tempfile

from .shell import expect, output, run_logged

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHECK = os.environ.get("CONTAINER_CHECK") or os.path.join(REPOSITORY, "../shared/tools/container/check.sh")
SDK, RUNTIME = "localhost/base-sdk", "localhost/base-runtime"

# What makes a base larger than the one it stands for: a chiseled image has no shell, no tools and no package manager.
TOOLS = ("usr/bin", "usr/sbin", "var/lib/dpkg", "var/cache", "var/log")
DOTNET = "usr/share/dotnet"

os.environ["BUILDAH_ISOLATION"] = "chroot"


@dataclasses.dataclass
class Image:
    """An image's files, laid out, and what it says about its process."""
    root: str
    config: dict

    @property
    def application(self):
        return os.path.join(self.root, "app")


def exists(name):
    return subprocess.run(["buildah", "inspect", "--type", "image", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def bases_of(dockerfile):
    """The .NET images that a Dockerfile takes from elsewhere."""
    with open(dockerfile) as file:
        return sorted(set(re.findall(r"^FROM\s+(?:--\S+\s+)?(mcr\S+)", file.read(), re.IGNORECASE | re.MULTILINE)))


def stand_in(dockerfile):
    """Sees that each base has a stand-in. They are made once a machine, whatever names Dockerfiles have for them."""
    expect(os.path.exists(CHECK), f"{CHECK} is not there; the images cannot be built")
    with open(os.path.join(tempfile.gettempdir(), "container-bases.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shutil.which("buildah") and exists(SDK) and exists(RUNTIME)):
            with tempfile.TemporaryDirectory() as empty:
                nothing = os.path.join(empty, "Dockerfile")
                with open(nothing, "w") as file:
                    file.write("".join(f"FROM {base}\n" for base in bases_of(dockerfile)))
                run_logged("the bases cannot be made", CHECK, nothing, empty, "localhost/base-check")
        for base in bases_of(dockerfile):
            if not exists(base):
                run_logged(base + " cannot be named", "buildah", "tag", SDK if "/sdk:" in base else RUNTIME, base)


def build(directory, tag, dockerfile=None, arguments=None, volumes=(), cache=False):
    """Builds a directory's Dockerfile. Packages are shared with this machine, so that nothing is fetched twice.

    With `cache`, steps are taken from earlier builds where nothing they read has changed; volumes are not looked at for that."""
    dockerfile = dockerfile or os.path.join(directory, "Dockerfile")
    stand_in(dockerfile)
    nuget = os.path.expanduser("~/.nuget")
    os.makedirs(nuget, exist_ok=True)
    command = [CHECK, dockerfile, directory, tag, f"--layers={str(cache).lower()}", "--volume", nuget + ":/root/.nuget"]
    for name, value in (arguments or {}).items():
        command += ["--build-arg", f"{name}={value}"]
    for volume in volumes:
        command += ["--volume", volume]
    return run_logged(tag + " does not build", *command)


@contextlib.contextmanager
def unpacked(tag, directories=()):
    """The image's files as its real base would have them, with the directories that things are mounted on."""
    expect(exists(tag), tag + " is no image here")
    described = json.loads(output("buildah", "inspect", "--type", "image", tag))
    config = described["OCIv1"]["config"]
    base = (described.get("ImageAnnotations") or {}).get("org.opencontainers.image.base.name", "")
    container = output("buildah", "from", "--pull-never", tag)
    try:
        root = output("buildah", "mount", container)
        dotnet = os.path.lexists(os.path.join(root, "usr/bin/dotnet")) and ("/aspnet:" in base or "/runtime:" in base)
        for gone in TOOLS if dotnet else (*TOOLS, DOTNET):
            shutil.rmtree(os.path.join(root, gone), ignore_errors=True)
        if dotnet:
            os.makedirs(os.path.join(root, "usr/bin"))
            os.symlink("/usr/share/dotnet/dotnet", os.path.join(root, "usr/bin/dotnet"))
        for directory in ("mnt/models", *directories):
            os.makedirs(os.path.join(root, directory.lstrip("/")), exist_ok=True)
        yield Image(root, config)
    finally:
        subprocess.run(["buildah", "rm", container], stdout=subprocess.DEVNULL)
