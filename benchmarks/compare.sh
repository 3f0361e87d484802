#!/usr/bin/env bash
# Prints examples per second of this project and of a PyTorch program that does the same work, case by case.
# The machine may be noisy: the two are run in turn, and the ratio is that of the medians.
set -euo pipefail
usage() {
  cat <<'TEXT'
usage: benchmarks/compare.sh [--runs N] [--seconds S] [--threads T] [--peer FILE] [CASE …]
  --runs N      runs of each program, in turn (default 5)
  --seconds S   seconds a run trains after its warm-up (default 6)
  --threads T   native threads (default 1)
  --peer FILE   the PyTorch program (default ../shared/peers/torch_peer.py); PYTHON names the interpreter that has torch
  CASE          mlp small st reinforce sts noisyrect vae-disarm transformed gated, blocks conv conv-st gru … (default: those before the comma)
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
runs=5 seconds=6 threads=1 peer="$root/../shared/peers/torch_peer.py" python=${PYTHON:-python3} cases=()
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --runs) runs=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --threads) threads=$2; shift 2 ;;
    --peer) peer=$2; shift 2 ;;
    -*) echo "got $1, expected one of --runs, --seconds, --threads, --peer: see --help" >&2; exit 2 ;;
    *) cases+=("$1"); shift ;;
  esac
done
((${#cases[@]})) || cases=(mlp small st reinforce sts noisyrect vae-disarm transformed gated)
results=$(mktemp)
trap 'rm -f "$results"' EXIT
# glibc returns large blocks to the system and asks for them anew at each step; where a fresh page is dear that is half of
# PyTorch's time, so its process keeps them
kept_memory=(MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=4294967296)
for case in "${cases[@]}"; do
  for ((run = 0; run < runs; run++)); do
    "$root/submit-scripts/bench.sh" "$case" --threads "$threads" --seconds "$seconds" --json | sed 's/^/ours /' >>"$results"
    env "${kept_memory[@]}" "$python" "$peer" "$case" --threads "$threads" --seconds "$seconds" --json | sed 's/^/peer /' >>"$results"
    echo "$case: run $((run + 1)) of $runs" >&2
  done
done
python3 - "$results" <<'PYTHON'
import json, statistics, sys

rates, losses = {}, {}
for line in open(sys.argv[1]):
    who, text = line.split(" ", 1)
    result = json.loads(text)
    rates.setdefault((result["case"], who), []).append(result["examples_per_second"])
    losses.setdefault((result["case"], who), []).append((result["loss"], result["steps"]))
print("| case | coinflip, examples/s | PyTorch, examples/s | ratio of medians | loss after steps, coinflip | loss after steps, PyTorch |")
print("|---|---|---|---|---|---|")
for case in dict.fromkeys(case for case, _ in rates):
    mine, theirs = (statistics.median(rates[case, who]) for who in ("ours", "peer"))
    last = ["%.3f after %d" % losses[case, who][-1] for who in ("ours", "peer")]
    print(f"| {case} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:.2f} | {last[0]} | {last[1]} |")
PYTHON
