#!/usr/bin/env bash
# Runs the scaling study on executors of one machine that are hosts of a network of their own: namespaces, joined by a bridge, at a given rate.
# shellcheck source=../submit-scripts/dev/hosts.sh
source "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")/submit-scripts/dev/hosts.sh"
usage() {
    cat <<'TEXT'
usage: sudo benchmarks/compare-network.sh [--executors N] [--rates LIST] [--units LIST] [--driver] [key=value …]
  --executors N  hosts with an executor of one core each (default 8); the study measures on 1, 2, 4, … of them
  --rates LIST   of every host's link, each way, as tc has them (default 1gbit,10gbit)
  --units LIST   u of the networks 784-u-u-10 whose state is averaged (default 140,1000,3200: 0.5, 7 and 51 MB)
  --driver       instead: bytes through the driver's link in a round, on 2, 4, … executors, by trainings of two lengths
  key=value      settings of the study, or of the training
Needs root, ip and tc (iproute2). Hosts share the processor: what is measured of many is dearer than on hosts of their own.
TEXT
}
executors=8 rates=1gbit,10gbit units=140,1000,3200 driver='' settings=()
while (($#)); do
    case $1 in
        --help | -h) usage && exit 0 ;;
        --executors) executors=$2 && shift 2 ;;
        --rates) rates=$2 && shift 2 ;;
        --units) units=$2 && shift 2 ;;
        --driver) driver=1 && shift ;;
        *=*) settings+=("$1") && shift ;;
        *) refuse "got $1, expected one of --executors, --rates, --units, --driver or key=value: see --help" ;;
    esac
done
start "$executors"

link_bytes() { within "$master" cat /sys/class/net/wire/statistics/rx_bytes /sys/class/net/wire/statistics/tx_bytes; }

study() {
    local u=$1 rate=$2
    job study --conf "$root/conf/studies/scaling.conf" "output=$folder/$u-$rate" \
        "study.network.layers=[{type=dense,units=$u,activation=relu},{type=dense,units=$u,activation=relu},{type=output,units=10,objective=cross-entropy}]" \
        study.rounds=40 study.steps-per-round=4 "${settings[@]}" >"$folder/$u-$rate.txt" 2>&1 || { cat "$folder/$u-$rate.txt" >&2 && exit 1; }
}

# trained EXECUTORS EPOCHS: bytes through the driver's link during a training of that length, and its rounds.
trained() {
    local before after
    before=$(link_bytes | paste -sd+ | bc)
    SPARK_DEFAULTS=$folder/defaults job train --conf "$root/conf/digits.conf" "output=$folder/trained" overwrite=true "averaging.workers=$1" \
        averaging.steps-per-round=1 "training.epochs=$2" "validation.every=$2" checkpoint.every=0 \
        "network.layers=[{type=dense,units=1000,activation=relu},{type=dense,units=1000,activation=relu},{type=output,units=10,objective=cross-entropy}]" \
        "${settings[@]}" >"$folder/trained.txt" 2>&1 || { cat "$folder/trained.txt" >&2 && exit 1; }
    after=$(link_bytes | paste -sd+ | bc)
    echo "$((after - before)) $(wc -l <"$folder/trained/metrics.jsonl")"
}

if [[ $driver ]]; then
    for ((h = 1; h <= master; h++)); do rate "$h" "${rates%%,*}"; done
    echo "| executors | rounds | bytes through the driver a round |"
    echo "|---|---|---|"
    for ((m = 2; m <= executors; m *= 2)); do
        printf 'spark.cores.max %s\nspark.executor.cores 1\n' "$m" >"$folder/defaults"
        read -r few_bytes few < <(trained "$m" 5)
        read -r many_bytes many < <(trained "$m" 45)
        echo "| $m | $((many - few)) | $(((many_bytes - few_bytes) / (many - few))) |"
    done
    exit
fi
for rate in ${rates//,/ }; do
    for ((h = 1; h <= master; h++)); do rate "$h" "$rate"; done
    for u in ${units//,/ }; do
        study "$u" "$rate"
        python3 - "$rate" "$folder/$u-$rate/summary.json" <<'PYTHON'
import json, sys

summary = json.load(open(sys.argv[2]))
parts = ", ".join(f"{name} {summary[name + 'Millis']:.4g}" for name in ("alone", "wire", "latency", "message"))
print(f"\n{sys.argv[1]}, {summary['stateBytes'] / 1e6:.1f} MB: {parts} ms\n\n| executors | the state, ms | a few bytes, ms |\n|---|---|---|")
for seen in summary["averaging"]:
    print(f"| {seen['executors']} | {seen['stateMillis']:.2f} | {seen['emptyMillis']:.2f} |")
print()
for executors, predicted in summary["predicted"].items():
    outside = predicted["overheadMillis"]
    print(f"{executors} executors: {outside:.1f} ms outside steps, {100 * 500 / (500 + outside):.1f} % of rounds with 0.5 s of steps")
PYTHON
    done
done
