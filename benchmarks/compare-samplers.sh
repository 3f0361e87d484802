#!/usr/bin/env bash
# Runs this project's samplers and Optuna's on the same published surrogates, and prints mean ranks with intervals and paired tests.
set -euo pipefail
usage() {
  cat <<'TEXT'
usage: benchmarks/compare-samplers.sh [--surrogates DIR] [--trials N] [--seeds S] [--ours LIST] [--peers LIST] [--lines FILE]
  --surrogates DIR  a folder for each scenario of yahpo.json (default ../shared/yahpo)
  --trials N        of each case and seed (default 100)
  --seeds S         (default 20)
  --ours LIST       samplers of sweeps, with commas (default tpe,random)
  --peers LIST      tpe, tpe-multivariate, random, cmaes, gp (default tpe,tpe-multivariate); empty for none
  --lines FILE      keep the lines of all trials there
PYTHON names an interpreter that has optuna, onnxruntime and numpy.
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
surrogates="$root/../shared/yahpo" trials=100 seeds=20 ours=tpe,random peers=tpe,tpe-multivariate lines='' python=${PYTHON:-python3}
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --surrogates) surrogates=$2; shift 2 ;;
    --trials) trials=$2; shift 2 ;;
    --seeds) seeds=$2; shift 2 ;;
    --ours) ours=$2; shift 2 ;;
    --peers) peers=$2; shift 2 ;;
    --lines) lines=$2; shift 2 ;;
    *) echo "got $1, expected one of --surrogates, --trials, --seeds, --ours, --peers, --lines: see --help" >&2; exit 2 ;;
  esac
done
surrogates=$(readlink -f "$surrogates")
[[ -d $surrogates ]] || { echo "got no folder $surrogates, expected the surrogates: see --help" >&2; exit 2; }
all=$(mktemp)
trap 'rm -f "$all" "$all.ours"' EXIT
(cd "$root" && mvn -q -B ${MAVEN_ARGS:-} test -pl model-core,data-prep,spark-jobs -Dtest=SurrogateTrialsTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dcoinflip.surrogates="$surrogates" -Dcoinflip.samplers="$ours" -Dcoinflip.seeds="$seeds" -Dcoinflip.trials="$trials" -Dcoinflip.trials-file="$all.ours" >&2)
cat "$all.ours" >>"$all"
IFS=, read -ra list <<<"$peers"
for peer in "${list[@]}"; do
  "$python" "$root/benchmarks/optuna_trials.py" --surrogates "$surrogates" --cases "$root/benchmarks/yahpo.json" --sampler "$peer" \
    --trials "$trials" --seeds "$seeds" >>"$all"
done
[[ -z $lines ]] || cp "$all" "$lines"
"$python" "$root/benchmarks/sampler_ranks.py" "$all"
