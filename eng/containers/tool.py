"""Builds and runs any image as KServe would, for a person or another script.

    eng/containers/as-kserve build DIRECTORY TAG [--dockerfile FILE] [--build-arg NAME=VALUE]... [--volume HERE:THERE]... [--cache]
    eng/containers/as-kserve run TAG [--mount HERE:THERE[:rw]]... [--env NAME=VALUE]... [-- ARGUMENT...]

`build` prints what the build printed only when it fails. `run` starts the image with the arguments and KServe's behind
them, prints `ready http://127.0.0.1:PORT grpc 127.0.0.1:PORT after SECONDS s` once it is ready, and goes on until its standard
input ends or it gets SIGTERM; then it sends SIGTERM to the container, prints its log on standard error, and ends with the
container's exit code."""
import argparse, signal, sys

from .images import build, unpacked
from .process import Server


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    builds = commands.add_parser("build")
    builds.add_argument("directory")
    builds.add_argument("tag")
    builds.add_argument("--dockerfile")
    builds.add_argument("--build-arg", action="append", default=[])
    builds.add_argument("--volume", action="append", default=[])
    builds.add_argument("--cache", action="store_true")
    runs = commands.add_parser("run")
    runs.add_argument("tag")
    runs.add_argument("--mount", action="append", default=[])
    runs.add_argument("--env", action="append", default=[])
    divided = arguments.index("--") if "--" in arguments else len(arguments)
    given = parser.parse_args(arguments[:divided])
    try:
        if given.command == "build":
            build(given.directory, given.tag, given.dockerfile, dict(pairs(given.build_arg)), given.volume, given.cache)
            return 0
        return run(given, arguments[divided + 1:])
    except AssertionError as problem:
        print(problem, file=sys.stderr)
        return 1


def pairs(texts):
    return (text.split("=", 1) for text in texts)


def run(given, arguments):
    def ended(*_):
        raise KeyboardInterrupt

    mounts = [mount.split(":") for mount in given.mount]
    with unpacked(given.tag, [mount[1] for mount in mounts]) as image:
        signal.signal(signal.SIGTERM, ended)
        try:
            with Server(image, arguments, mounts, dict(pairs(given.env))) as server:
                print(f"ready http://127.0.0.1:{server.port} grpc 127.0.0.1:{server.grpc_port} after {server.ready_after:.3f} s", flush=True)
                try:
                    sys.stdin.read()
                except KeyboardInterrupt:
                    pass
                code = server.stop()
                print(server.logged(), file=sys.stderr)
                return code
        except KeyboardInterrupt:
            return 130
