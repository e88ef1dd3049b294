"""grpcio, http.server and struct against the server: as its clients, and as the predictors behind it.

Usage: interop.py COMMAND [ARGUMENT...], the command that starts the conformance server.
Needs Debian's python3-grpcio, python3-protobuf and python3-grpc-tools.
"""

import sys

import client_checks
import matrix_checks
from harness import Checks, Server


def main(command):
    if not command:
        print(__doc__)
        return 2
    checks = Checks()
    with Server(command) as server:
        client_checks.run(checks, server)
    matrix_checks.run(checks, command)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
