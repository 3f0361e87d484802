# shellcheck shell=bash
# Sourced by the scripts that need a cluster whose machines are joined by a network: network namespaces of this machine, one with an executor of a
# core each, the last with master and driver, joined by a bridge. Needs root, ip and tc (iproute2).
# shellcheck source=../common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

id=$$ net=10.77.0
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
    within "$1" tc qdisc del dev "$2" root 2>/dev/null || true
    within "$1" tc qdisc add dev "$2" root handle 1: htb default 1
    within "$1" tc class add dev "$2" parent 1: classid 1:1 htb rate "$3" burst 256k cburst 256k quantum 60000
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

# start EXECUTORS: the hosts and the cluster; the last host, of number $master, is the driver's.
start() {
    local h executors=$1
    [[ $(id -u) == 0 ]] || refuse "user: got $(id -un), expected root, who may make network namespaces: run it by sudo"
    type -P ip tc >/dev/null || refuse "ip and tc: got none on the PATH, expected both: install iproute2"
    master=$((executors + 1)) folder=$(mktemp -d)
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
}

# job SCRIPT ARGUMENT…: a job whose driver is on the last host.
job() {
    SPARK_LOCAL_IP=$net.$master ip netns exec "$(space "$master")" "$root/submit-scripts/$1.sh" --master "spark://$net.$master:7077" "${@:2}"
}
