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
  --driver       instead: bytes through the driver's link in a round, heartbeats left out, on 2, 4, … executors, between two moments of a training
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
# of the driver's bytes those of rounds alone: heartbeats go by time, a worker's to its master, which is on the driver's host, and an executor's to the driver
[[ ! $driver ]] || export SPARK_DAEMON_JAVA_OPTS=-Dspark.worker.timeout=36000
start "$executors"

link_bytes() { within "$master" cat /sys/class/net/wire/statistics/rx_bytes /sys/class/net/wire/statistics/tx_bytes; }

study() {
    local u=$1 rate=$2
    job study --conf "$root/conf/studies/scaling.conf" "output=$folder/$u-$rate" \
        "study.network.layers=[{type=dense,units=$u,activation=relu},{type=dense,units=$u,activation=relu},{type=output,units=10,objective=cross-entropy}]" \
        study.rounds=40 study.steps-per-round=4 "${settings[@]}" >"$folder/$u-$rate.txt" 2>&1 || { cat "$folder/$u-$rate.txt" >&2 && exit 1; }
}

# rounds NUMBER: waits until the training has done so many.
rounds() {
    until [[ $(wc -l 2>/dev/null <"$folder/trained/metrics.jsonl") -ge $1 ]]; do
        kill -0 "$training" 2>/dev/null || { cat "$folder/trained.txt" >&2 && exit 1; }
        sleep 0.05
    done
}

# trained EXECUTORS: prints rounds between two moments of a training, without a look or a checkpoint, and the bytes through the driver's link between them.
trained() {
    local before=() after=()
    SPARK_DEFAULTS=$folder/defaults job train --conf "$root/conf/digits.conf" "output=$folder/trained" overwrite=true "averaging.workers=$1" \
        averaging.steps-per-round=1 "training.epochs=$((8 * $1))" "validation.every=$((8 * $1))" checkpoint.every=0 \
        "network.layers=[{type=dense,units=1000,activation=relu},{type=dense,units=1000,activation=relu},{type=output,units=10,objective=cross-entropy}]" \
        "${settings[@]}" >"$folder/trained.txt" 2>&1 &
    training=$!
    rounds 100
    mapfile -t before < <(link_bytes && wc -l <"$folder/trained/metrics.jsonl")
    rounds 600
    mapfile -t after < <(link_bytes && wc -l <"$folder/trained/metrics.jsonl")
    wait "$training" || { cat "$folder/trained.txt" >&2 && exit 1; }
    echo "$((after[2] - before[2])) $((after[0] - before[0])) $((after[1] - before[1]))"
}

if [[ $driver ]]; then
    for ((h = 1; h <= master; h++)); do rate "$h" "${rates%%,*}"; done
    echo "| executors | rounds | bytes into the driver a round | bytes out of it |"
    echo "|---|---|---|---|"
    for ((m = 2; m <= executors; m *= 2)); do
        printf 'spark.cores.max %s\nspark.executor.cores 1\nspark.executor.heartbeatInterval 3000s\nspark.network.timeout 4000s\n' "$m" >"$folder/defaults"
        rm -rf "$folder/trained"
        read -r between in out < <(trained "$m")
        echo "| $m | $between | $((in / between)) | $((out / between)) |"
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
