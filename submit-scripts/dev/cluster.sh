#!/usr/bin/env bash
# cluster.sh start [WORKERS [CORES [MEMORY]]]: a standalone cluster of processes of this machine, of the build's Spark.
# cluster.sh stop: ends it, executors included. Logs and process ids are in target/cluster.
# shellcheck source=../common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

cluster=$root/target/cluster
master=spark://127.0.0.1:${CLUSTER_PORT:-7077}

# launch NAME CLASS ARGUMENT…: starts a part of the cluster and notes its process.
launch() {
    local name=$1 class=$2
    shift 2
    SPARK_LOCAL_DIRS=$cluster/local "$root/target/spark-home/bin/spark-class" "org.apache.spark.deploy.$class" \
        --host 127.0.0.1 --webui-port 0 "$@" >"$cluster/$name.txt" 2>&1 &
    echo $! >"$cluster/$name.pid"
}

stop() {
    local file process
    for file in "$cluster"/*.pid; do
        [[ -e $file ]] || continue
        process=$(<"$file")
        pkill -KILL -P "$process" 2>/dev/null || true
        kill -KILL "$process" 2>/dev/null || true
        rm "$file"
    done
}

case ${1:-} in
    start)
        compgen -G "$cluster/*.pid" >/dev/null && refuse "a cluster runs already: cluster.sh stop ends it"
        build spark_home
        mkdir -p "$cluster"
        launch master master.Master --port "${master##*:}"
        for ((i = 0; i < ${2:-2}; i++)); do
            launch "worker-$i" worker.Worker --cores "${3:-1}" --memory "${4:-2g}" --work-dir "$cluster/work-$i" "$master"
        done
        echo "$master"
        ;;
    stop) stop ;;
    *) echo "usage: cluster.sh start [WORKERS [CORES [MEMORY]]] | stop" >&2 && exit 2 ;;
esac
