#!/usr/bin/env bash
# Prints examples per second of both backends of train.sh on one experiment: this project's averaging, and DL4J's on Spark.
# The machine may be noisy: the two are run in turn, and the ratio is that of the medians over all rounds but each run's first.
set -euo pipefail
usage() {
    cat <<'TEXT'
usage: benchmarks/compare-dl4j.sh [--runs N] [--master URL] [--conf FILE] [key=value …]
  --runs N      runs of each backend, in turn (default 3)
  --master URL  Spark master (default local[2])
  --conf FILE   experiment (default conf/mnist/wide.conf: 784-1000-1000-10, two workers, 50 steps a round)
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
runs=3 master='local[2]' conf="$root/conf/mnist/wide.conf" settings=()
while (($#)); do
    case $1 in
        --help | -h) usage && exit 0 ;;
        --runs) runs=$2 && shift 2 ;;
        --master) master=$2 && shift 2 ;;
        --conf) conf=$2 && shift 2 ;;
        *=*) settings+=("$1") && shift ;;
        *) echo "got $1, expected one of --runs, --master, --conf or key=value: see --help" >&2 && exit 2 ;;
    esac
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for ((run = 1; run <= runs; run++)); do
    for backend in coinflip dl4j; do
        "$root/submit-scripts/train.sh" --master "$master" --conf "$conf" "backend=$backend" "output=$folder/$backend-$run" \
            "${settings[@]}" >/dev/null
        cut -d ' ' -f 1 /proc/loadavg >"$folder/$backend-$run/load"
        echo "$backend: run $run of $runs" >&2
    done
done
python3 - "$folder" <<'PYTHON'
import glob, json, statistics, sys

rates, losses, loads = {}, {}, []
for run in sorted(glob.glob(sys.argv[1] + "/*-*")):
    backend = run.rsplit("/", 1)[1].split("-")[0]
    rounds = [json.loads(line) for line in open(run + "/metrics.jsonl")]
    rates.setdefault(backend, []).extend(r["examplesPerSecond"] for r in rounds[1:])
    losses[backend] = json.load(open(run + "/summary.json"))["test"]["loss"]
    loads.append(float(open(run + "/load").read()))
ours, theirs = (statistics.median(rates[backend]) for backend in ("coinflip", "dl4j"))
print("| backend | examples/s, median of rounds | test loss |")
print("|---|---|---|")
print(f"| coinflip | {ours:,.0f} | {losses['coinflip']:.4f} |")
print(f"| dl4j | {theirs:,.0f} | {losses['dl4j']:.4f} |")
print(f"\nratio {ours / theirs:.2f}; load average of the machine {min(loads):.1f} to {max(loads):.1f}, the runs' own included")
PYTHON
