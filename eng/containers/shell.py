"""Commands and expectations."""
import subprocess


def output(*command):
    """What the command prints; its failure is an exception."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def run_logged(what, *command, **more):
    """Runs the command in silence, unless it fails: then the end of what it printed is shown."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, errors="replace", **more)
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-60:]), flush=True)
        raise AssertionError(what)
    return done.stdout
