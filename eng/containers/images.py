"""Builds images with buildah over stand-ins of their base images, and lays out their files as a small base has them."""
import contextlib, dataclasses, fcntl, json, os, re, shutil, subprocess, tempfile

from .shell import expect, output, run_logged

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHECK = os.environ.get("CONTAINER_CHECK") or os.path.join(REPOSITORY, "../shared/tools/container/check.sh")
SDK, RUNTIME = "localhost/base-sdk", "localhost/base-runtime"

# What makes a base larger than the one it stands for: a chiseled image has no shell, no tools, no package manager, no time zones
# and no ICU, and of libraries these alone.
TOOLS = ("usr/bin", "usr/sbin", "var/lib/dpkg", "var/cache", "var/log", "usr/share/zoneinfo", "usr/share/doc")
LIBRARIES = ("ld-linux", "libc.", "libm.", "libmvec.", "libdl.", "libpthread.", "librt.", "libresolv.", "libutil.", "libanl.", "libnss_",
             "libgcc_s.", "libstdc++.", "libssl.", "libcrypto.", "ossl-modules", "engines-3")
LIBRARY_FOLDER = "usr/lib/x86_64-linux-gnu"
DOTNET = "usr/share/dotnet"

BASE_NAME = "org.opencontainers.image.base.name"

# Where the cluster puts volumes; a container runtime makes such places itself.
PLACES = ("mnt/models", "data", "results")

# As check.sh has them: where a storage.conf makes buildah listen to the driver's name, both have to look into the same store.
os.environ.update(BUILDAH_ISOLATION="chroot", STORAGE_DRIVER="vfs")


@dataclasses.dataclass
class Image:
    """An image's files, laid out, and what it says about its process."""
    root: str
    config: dict
    base: str

    @property
    def application(self):
        return os.path.join(self.root, "app")


def exists(name):
    return subprocess.run(["buildah", "inspect", "--type", "image", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def description(tag):
    return json.loads(output("buildah", "inspect", "--type", "image", tag))


def base_of(tag):
    """The name in the last FROM that made the image; .NET's SDK writes it into a label, with the registry it used."""
    described = description(tag)
    for told in (described.get("ImageAnnotations"), described["OCIv1"]["config"].get("Labels")):
        if told and BASE_NAME in told:
            return re.sub("^localhost:[0-9]+/", "mcr.microsoft.com/", told[BASE_NAME])
    return None


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


def build(directory, tag, dockerfile=None, arguments=None, volumes=(), cache=False, target=None, nuget=None):
    """Builds a directory's Dockerfile. NuGet's folder is shared with this machine, so that nothing is fetched twice, or is
    the one given. Gives what the build printed.

    With `cache`, steps are taken from earlier builds where nothing they read has changed; volumes are not looked at for that."""
    dockerfile = dockerfile or os.path.join(directory, "Dockerfile")
    stand_in(dockerfile)
    nuget = nuget or os.path.expanduser("~/.nuget")
    os.makedirs(nuget, exist_ok=True)
    command = [CHECK, dockerfile, directory, tag, f"--layers={str(cache).lower()}", "--volume", nuget + ":/root/.nuget"]
    for name, value in (arguments or {}).items():
        command += ["--build-arg", f"{name}={value}"]
    for volume in volumes:
        command += ["--volume", volume]
    if target:
        command += ["--target", target]
    return run_logged(tag + " does not build", *command)


def strip(root, keep_dotnet):
    """Takes away what the stand-in has and the real base has not."""
    for gone in TOOLS if keep_dotnet else (*TOOLS, DOTNET):
        shutil.rmtree(os.path.join(root, gone), ignore_errors=True)
    folder = os.path.join(root, LIBRARY_FOLDER)
    for entry in os.scandir(folder):
        if not entry.name.startswith(LIBRARIES):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.remove(entry.path)
    if keep_dotnet:
        os.makedirs(os.path.join(root, "usr/bin"))
        os.symlink("/usr/share/dotnet/dotnet", os.path.join(root, "usr/bin/dotnet"))


@contextlib.contextmanager
def laid_out(tag):
    """The files of an image, as its real base would have them."""
    container = output("buildah", "from", "--pull-never", tag)
    try:
        root = output("buildah", "mount", container)
        strip(root, keep_dotnet=re.search("/(aspnet|runtime):", base_of(tag) or tag))
        yield root
    finally:
        subprocess.run(["buildah", "rm", container], stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def unpacked(tag, directories=()):
    """The image, with the directories that things are mounted on."""
    expect(exists(tag), tag + " is no image here")
    with laid_out(tag) as root:
        for directory in (*PLACES, *directories):
            os.makedirs(os.path.join(root, directory.lstrip("/")), exist_ok=True)
        yield Image(root, description(tag)["OCIv1"]["config"], base_of(tag))
