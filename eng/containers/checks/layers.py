"""What of a build is used again, and what a build gets to see."""
import contextlib, os, re, subprocess, tempfile

from ..images import REPOSITORY, build, laid_out
from ..shell import expect

TAG = "localhost/restored:check"
RESTORE = re.compile(r"RUN dotnet restore.*\n--> Using cache")


@contextlib.contextmanager
def clone():
    """What somebody has who has just cloned the repository."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(f"git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -C '{folder}' -xf -",
                       shell=True, check=True, cwd=REPOSITORY, stderr=subprocess.DEVNULL)
        yield folder


def append(file, text):
    with open(file, "a") as opened:
        opened.write(text)


def restored(folder):
    return build(folder, TAG, arguments={"PROJECT": "samples/Doubler"}, cache=True, target="restored")


def restore_is_done_again_only_when_a_project_changes():
    with clone() as folder:
        restored(folder)
        append(folder + "/samples/Doubler/Program.cs", "// another line\n")
        expect(RESTORE.search(restored(folder)), "the restore was not taken from before, though only a source file changed")
        append(folder + "/framework/Sidecars/Sidecars.csproj", f"<!-- {os.path.basename(folder)} -->\n")
        expect(not RESTORE.search(restored(folder)), "the restore was taken from before, though a project changed")


def build_sees_the_applications_and_no_more():
    with clone() as folder:
        os.makedirs(folder + "/samples/Doubler/obj")
        append(folder + "/samples/Doubler/obj/project.assets.json", "{}")
        build(folder, TAG, cache=True, target="projects")
        with laid_out(TAG) as root:
            seen = set(os.listdir(root + "/src"))
            expect({"framework", "explainers", "samples", "eng", "Directory.Packages.props"} <= seen, f"it sees {seen}")
            expect(not seen & {".git", ".ci", "tests", "docs", "deploy", "templates", "artifacts", "Dockerfile"}, f"it sees {seen}")
            expect(not os.path.exists(root + "/src/samples/Doubler/obj"), "it sees what was built here")
            expect(not os.path.exists(root + "/src/eng/containers"), "it sees its own checks, whose changes would build all anew")


CASES = [restore_is_done_again_only_when_a_project_changes, build_sees_the_applications_and_no_more]
