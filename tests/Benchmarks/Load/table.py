"""JSON lines of bench.py -> a table: medians per case, and ratios to the floor of the same run."""
import collections
import json
import statistics
import sys

lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
found = collections.defaultdict(lambda: collections.defaultdict(list))
for line in lines:
    if line["valid"]:
        found[line["case"]][line["system"]].append(line)


def median(runs, key):
    return statistics.median(run[key] for run in runs) if runs else float("nan")


print("| case | pass-through | unread | ratio | hooks | ratio | p99 ms, pass-through | p99 ms, hooks | peak MB |")
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
for case, systems in found.items():
    floor, unread, ours = systems["floor"], systems["unread"], systems["ours"]
    f, u, o = (median(runs, "cpu_s_per_1000") for runs in (floor, unread, ours))
    print("| %s | %.3f | %.3f | %.2f | %.3f | %.2f | %.1f | %.1f | %.0f |" % (
        case, f, u, u / f, o, o / f, median(floor, "p99_ms"), median(ours, "p99_ms"), median(ours, "peak_rss_mb")))
print("%d runs, %d of them not valid" % (len(lines), sum(not line["valid"] for line in lines)))
