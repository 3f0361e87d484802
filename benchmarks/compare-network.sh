#!/usr/bin/env bash
# Runs the scaling study on executors of one machine that are hosts of a network of their own: namespaces, joined by a bridge, at a given rate.
# shellcheck source=../submit-scripts/common.sh
source "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")/submit-scripts/common.sh"
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
[[ $(id -u) == 0 ]] || refuse "user: got $(id -un), expected root, who may make network namespaces: run it by sudo"
type -P ip tc >/dev/null || refuse "ip and tc: got none on the PATH, expected both: install iproute2"

# The last host is the driver's.
id=$$ folder=$(mktemp -d) net=10.77.0 master=$((executors + 1))
space() { echo "coinflip-$id-$1"; }
within() { ip netns exec "$(space "$1")" "${@:2}"; }

# host NUMBER: a namespace with the address NET.NUMBER, joined to the bridge by a link.
host() {
    ip netns add "$(space "$1")"
    ip link add wire netns "$(space "$1")" type veth peer name "h$1" netns "$(space net)"
    within "$1" ip addr add "$net.$1/24" dev wire
    within "$1" ip link set lo up
    within "$1" ip link set wire up
    within net ip link set "h$1" master bridge up
}

# rate NUMBER RATE: of a host's link, out of it and into it.
rate() {
    limit "$1" wire "$2"
    limit net "h$1" "$2"
}

limit() {
    within "$1" tc qdisc replace dev "$2" root handle 1: htb default 1
    within "$1" tc class replace dev "$2" parent 1: classid 1:1 htb rate "$3" burst 256k cburst 256k
}

# spark NUMBER NAME ARGUMENT…: a part of the cluster on a host.
spark() {
    SPARK_DAEMON_MEMORY=192m SPARK_LOCAL_DIRS=$folder SPARK_LOCAL_IP=$net.$1 ip netns exec "$(space "$1")" \
        "$root/target/spark-home/bin/spark-class" "org.apache.spark.deploy.$2" --host "$net.$1" --webui-port 0 "${@:3}" >"$folder/$1.txt" 2>&1 &
    disown
}

finish() {
    for ((h = 1; h <= master; h++)); do
        ip netns pids "$(space "$h")" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
        ip netns del "$(space "$h")" 2>/dev/null || true
    done
    ip netns del "$(space net)" 2>/dev/null || true
    rm -rf "$folder"
}

build application
build spark_home
trap finish EXIT
ip netns add "$(space net)"
within net ip link add bridge type bridge
within net ip link set bridge up
for ((h = 1; h <= master; h++)); do host "$h"; done
spark "$master" master.Master --port 7077
sleep 5
for ((h = 1; h <= executors; h++)); do spark "$h" worker.Worker --cores 1 --memory 2g --work-dir "$folder/work-$h" "spark://$net.$master:7077"; done
sleep 10

# job SCRIPT ARGUMENT…: a job whose driver is on the last host.
job() {
    SPARK_LOCAL_IP=$net.$master ip netns exec "$(space "$master")" "$root/submit-scripts/$1.sh" --master "spark://$net.$master:7077" "${@:2}"
}

link_bytes() { within "$master" cat /sys/class/net/wire/statistics/rx_bytes /sys/class/net/wire/statistics/tx_bytes; }

study() {
    local u=$1 rate=$2
    job study --conf "$root/conf/studies/scaling.conf" "output=$folder/$u-$rate" \
        "study.network.layers=[{type=dense,units=$u,activation=relu},{type=dense,units=$u,activation=relu},{type=output,units=10,objective=cross-entropy}]" \
        study.rounds=12 study.steps-per-round=4 "${settings[@]}" >"$folder/$u-$rate.txt" 2>&1 || { cat "$folder/$u-$rate.txt" >&2 && exit 1; }
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
        echo "$rate, 784-$u-$u-10" >&2
    done
done
python3 - "$folder" <<'PYTHON'
import glob, json, sys

for path in sorted(glob.glob(sys.argv[1] + "/*/summary.json")):
    units, rate = path.split("/")[-2].split("-")
    summary = json.load(open(path))
    find = summary.__getitem__
    print(f"\n{rate}, {find('stateBytes') / 1e6:.1f} MB: alone {find('aloneMillis'):.2f}, wire {find('wireMillis'):.2f},"
          f" latency {find('latencyMillis'):.2f}, message {find('messageMillis'):.4f} ms\n")
    print("| executors | the state, ms | a few bytes, ms |\n|---|---|---|")
    for seen in find("averaging"):
        print(f"| {seen['executors']} | {seen['stateMillis']:.2f} | {seen['emptyMillis']:.2f} |")
    for executors, keys in find("predicted").items():
        print(f"{executors} executors: {keys['overheadMillis']:.1f} ms outside steps, {100 * 500 / (500 + keys['overheadMillis']):.1f} % of rounds with 0.5 s of steps")
PYTHON
