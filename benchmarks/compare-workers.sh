#!/usr/bin/env bash
# Prints examples per second of one training on one and on two worker processes of one core each, and where a round's time goes.
# The machine may be noisy: the two are run in turn, and the ratio is that of the medians over the rounds after the warm-up.
set -euo pipefail
usage() {
    cat <<'TEXT'
usage: benchmarks/compare-workers.sh [--runs N] [--skip N] [--conf FILE] [key=value …]
  --runs N      runs of each, in turn (default 3)
  --skip N      first rounds of a run that do not count: Java compiles what is hot (default 10)
  --conf FILE   experiment (default conf/mnist/wide.conf: 784-1000-1000-10, two workers, 50 steps a round)
  key=value     settings; training.epochs=6 unless given
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
runs=3 skip=10 conf="$root/conf/mnist/wide.conf" settings=(training.epochs=6)
while (($#)); do
    case $1 in
        --help | -h) usage && exit 0 ;;
        --runs) runs=$2 && shift 2 ;;
        --skip) skip=$2 && shift 2 ;;
        --conf) conf=$2 && shift 2 ;;
        *=*) settings+=("$1") && shift ;;
        *) echo "got $1, expected one of --runs, --skip, --conf or key=value: see --help" >&2 && exit 2 ;;
    esac
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for ((run = 1; run <= runs; run++)); do
    for processes in 1 2; do
        "$root/submit-scripts/train.sh" --master "local-cluster[$processes,1,2048]" --conf "$conf" \
            "output=$folder/$processes-$run" "${settings[@]}" >/dev/null
        cut -d ' ' -f 1 /proc/loadavg >"$folder/$processes-$run/load"
        echo "$processes worker processes: run $run of $runs" >&2
    done
done
python3 - "$folder" "$skip" <<'PYTHON'
import glob, json, statistics, sys

phases = ("compute", "broadcast", "combine", "driver", "idle")
rates, times, hashes, loads = {}, {}, set(), []
for run in sorted(glob.glob(sys.argv[1] + "/*-*")):
    processes = run.rsplit("/", 1)[1].split("-")[0]
    rounds = [json.loads(line) for line in open(run + "/metrics.jsonl")][int(sys.argv[2]):]
    rates.setdefault(processes, []).extend(r["examplesPerSecond"] for r in rounds)
    times.setdefault(processes, []).extend([r["phases"][p + "Millis"] for p in phases] for r in rounds)
    hashes.add(json.load(open(run + "/summary.json"))["parametersSha256"])
    loads.append(float(open(run + "/load").read()))
print("| worker processes | examples/s | " + " | ".join(p + ", ms" for p in phases) + " | outside steps |")
print("|---|---|" + "---|" * (len(phases) + 1))
for processes in sorted(rates):
    outside = statistics.median(1 - t[0] / sum(t) for t in times[processes])
    medians = " | ".join(f"{statistics.median(column):.1f}" for column in zip(*times[processes]))
    print(f"| {processes} | {statistics.median(rates[processes]):,.0f} | {medians} | {100 * outside:.1f} % |")
one, two = (statistics.median(rates[processes]) for processes in ("1", "2"))
print(f"\nmedians over rounds; ratio {two / one:.2f}; {'the same' if len(hashes) == 1 else 'OTHER'} parameters in all runs;"
      f" load average of the machine {min(loads):.1f} to {max(loads):.1f}, the runs' own included")
PYTHON
