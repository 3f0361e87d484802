#!/usr/bin/env bash
# Runs this project's samplers and Optuna's on the same published surrogates or functions, and prints mean ranks with intervals and paired tests.
set -euo pipefail
usage() {
  cat <<'TEXT'
usage: benchmarks/compare-samplers.sh [--surrogates DIR | --bbob] [--trials N] [--seeds S] [--first-seed S] [--ours LIST] [--peers LIST] [--lines FILE]
  --surrogates DIR  a folder for each scenario of yahpo.json (default ../shared/yahpo)
  --bbob            eight functions of BBOB in five dimensions, of bbob.json, instead
  --trials N        of each case and seed (default 100)
  --seeds S         (default 20)
  --first-seed S    of them (default 0)
  --ours LIST       samplers of sweeps, with commas (default tpe,random)
  --peers LIST      tpe, tpe-multivariate, random, cmaes, gp (default tpe,tpe-multivariate); empty for none
  --lines FILE      keep the lines of all trials there
PYTHON names an interpreter that has optuna, numpy and, for surrogates, onnxruntime.
TEXT
}
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
surrogates="$root/../shared/yahpo" trials=100 seeds=20 first=0 ours=tpe,random peers=tpe,tpe-multivariate lines='' bbob='' python=${PYTHON:-python3}
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --surrogates) surrogates=$2; shift 2 ;;
    --bbob) bbob=1; shift ;;
    --trials) trials=$2; shift 2 ;;
    --seeds) seeds=$2; shift 2 ;;
    --first-seed) first=$2; shift 2 ;;
    --ours) ours=$2; shift 2 ;;
    --peers) peers=$2; shift 2 ;;
    --lines) lines=$2; shift 2 ;;
    *) echo "got $1, expected one of --surrogates, --bbob, --trials, --seeds, --first-seed, --ours, --peers, --lines: see --help" >&2; exit 2 ;;
  esac
done
if [[ $bbob ]]; then
  ours_on=(-Dtest=BbobTest -Dcoinflip.bbob=true) peers_on=(--cases "$root/benchmarks/bbob.json")
else
  [[ -d $surrogates ]] || { echo "got no folder $surrogates, expected the surrogates: see --help" >&2; exit 2; }
  surrogates=$(readlink -f "$surrogates")
  ours_on=(-Dtest=SurrogateTrialsTest -Dcoinflip.surrogates="$surrogates") peers_on=(--cases "$root/benchmarks/yahpo.json" --surrogates "$surrogates")
fi
all=$(mktemp)
trap 'rm -f "$all" "$all.ours"' EXIT
(cd "$root" && mvn -q -B ${MAVEN_ARGS:-} test -pl model-core,data-prep,spark-jobs "${ours_on[@]}" -Dsurefire.failIfNoSpecifiedTests=false \
  -Dcoinflip.samplers="$ours" -Dcoinflip.seeds="$seeds" -Dcoinflip.first-seed="$first" -Dcoinflip.trials="$trials" -Dcoinflip.trials-file="$all.ours" >&2)
cat "$all.ours" >>"$all"
IFS=, read -ra list <<<"$peers"
for peer in "${list[@]}"; do
  "$python" "$root/benchmarks/optuna_trials.py" "${peers_on[@]}" --sampler "$peer" --trials "$trials" --seeds "$seeds" --first-seed "$first" >>"$all"
done
[[ -z $lines ]] || cp "$all" "$lines"
"$python" "$root/benchmarks/sampler_ranks.py" "$all"
