#!/usr/bin/env bash
# The transformer beside a bare Kestrel pass-through, in turn, case by case: CPU per 1000 requests and their ratio.
#   [NATIVE=1] tests/Benchmarks/Load/compare.sh KIT [REPEATS]
# NATIVE=1 measures the native build; without it both sides run on the JIT compiler.
# KIT is the folder of the load-test kit (bench.py, mock.sh, floor-proxy.sh). Needs wrk, h2load, curl and two CPUs.
set -euo pipefail
kit=$(cd "$1" && pwd)
repeats=${2:-3}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
cd "$here/../../.."
native=false
[ -z "${NATIVE:-}" ] || native=true
dotnet publish tests/Benchmarks/Transformer -c Release -r linux-x64 -p:PublishAot="$native" -o "$work/bin" --nologo -v q
mock=$(cd "$kit" && ./mock.sh 0)
floor=$(cd "$kit" && ./floor-proxy.sh 1)
trap 'kill $mock $floor $sut 2>/dev/null; rm -rf "$work"' EXIT
sut=
warmup=3

start() { # protocol, predictor's port
  taskset -c 1 "$work/bin/transformer" --http_port 8080 --grpc_port 8082 --predictor_host "127.0.0.1:$2" \
    --predictor_protocol "$1" --enable_latency_logging false --enable_access_log false >"$work/log" 2>&1 &
  sut=$!
  until curl -s -o /dev/null http://127.0.0.1:8080/; do kill -0 "$sut"; done
}

bench() { # system, pid, port, case, expectation, model options
  (cd "$kit" && python3 bench.py --system "$1" --pid "$2" --target "http://127.0.0.1:$3" --case "$4" --expect "$5" \
    --mock http://127.0.0.1:9101 --mock-pid "$mock" --nice=-10 --connections 16 --duration 5 --warmup "$warmup" "${@:6}") \
    >>"$work/lines" 2>/dev/null || true
}

cases() { # our port, the floor's port, cases
  # Until the JIT compiler is done, what is measured is the compiler: one round that does not count.
  mv "$work/lines" "$work/kept" 2>/dev/null || true
  warmup=8
  bench ours "$sut" "$1" "${3%%,*}" transformed
  bench unread "$sut" "$1" "${3%%,*}" raw --model raw --image-model raw
  bench floor "$floor" "$2" "${3%%,*}" raw
  warmup=4
  mv "$work/kept" "$work/lines" 2>/dev/null || rm -f "$work/lines"
  for _ in $(seq "$repeats"); do
    for case in ${3//,/ }; do
      bench ours "$sut" "$1" "$case" transformed
      bench unread "$sut" "$1" "$case" raw --model raw --image-model raw
      bench floor "$floor" "$2" "$case" raw
    done
  done
  kill "$sut"; wait "$sut" 2>/dev/null || true
}

start v1 9101; cases 8080 18090 v1-small,v1-medium
start v2 9101; cases 8080 18090 v2-small,v2-medium,v2-medium-bin,v2-large-json,v2-large-bin
start grpc-v2 9102; cases 8082 18091 grpc-small,grpc-medium,grpc-large
python3 "$here/table.py" "$work/lines"
