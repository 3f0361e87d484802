#!/usr/bin/env bash
# How the cost of a step grows with the number of experts while as many of them are open: this project, which computes the open ones, and
# the PyTorch peer's gated case, which computes all.
set -euo pipefail
usage() {
  cat <<'TEXT'
usage: benchmarks/compare-wide.sh [--active K] [--runs N] [--seconds S] [--peer FOLDER] [EXPERTS …]
  --active K     experts that an example opens on average (default 200)
  --runs N       runs of each program, in turn (default 3)
  --seconds S    seconds a run trains after its warm-up (default 5)
  --peer FOLDER  where torch_peer.py is (default ../shared/peers); PYTHON names the interpreter that has torch
  EXPERTS        how many there are (default: 2000 5000 10000 20000 50000)
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
active=200 runs=3 seconds=5 peer="$root/../shared/peers" python=${PYTHON:-python3} experts=()
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --active) active=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --peer) peer=$2; shift 2 ;;
    -*) echo "got $1, expected one of --active, --runs, --seconds, --peer: see --help" >&2; exit 2 ;;
    *) experts+=("$1"); shift ;;
  esac
done
((${#experts[@]})) || experts=(2000 5000 10000 20000 50000)
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for n in "${experts[@]}"; do
  for ((run = 0; run < runs; run++)); do
    "$root/submit-scripts/bench.sh" gated-wide --experts "$n" --active "$active" --seconds "$seconds" --json | sed "s/^/ours $n /" >>"$results"
    PYTHONPATH="$peer" "$python" - "$n" gated --seconds "$seconds" --data "$peer/../data/mnist" --json <<'PYTHON' | sed "s/^/peer $n /" >>"$results"
import sys
import torch_peer
experts = int(sys.argv.pop(1))
torch_peer.CASES["gated"] = (lambda: torch_peer.case_gated(experts=experts), 32)
torch_peer.main()
PYTHON
    echo "$n experts: run $((run + 1)) of $runs" >&2
  done
done
python3 - "$results" <<'PYTHON'
import json, statistics, sys

rates = {}
for line in open(sys.argv[1]):
    who, experts, text = line.split(" ", 2)
    rates.setdefault((int(experts), who), []).append(json.loads(text)["examples_per_second"])
print("| experts | coinflip, examples/s | PyTorch (all computed), examples/s | ratio of medians |")
print("|---|---|---|---|")
for experts in sorted({n for n, _ in rates}):
    mine, theirs = (statistics.median(rates[experts, who]) for who in ("ours", "peer"))
    print(f"| {experts:,} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:.2f} |")
PYTHON
