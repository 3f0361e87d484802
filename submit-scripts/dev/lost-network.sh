#!/usr/bin/env bash
# The drill of a lost network: executors whose link goes down amid a training, for good or for a while, are lost without a word to anyone.
# shellcheck source=hosts.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/hosts.sh"
usage() {
    cat <<'TEXT'
usage: sudo submit-scripts/dev/lost-network.sh [--most SECONDS] [key=value …]
  --most SECONDS  that a training may take from the loss of a link to its end (default 420)
  key=value       settings of the training
Trains the digits on three executors in network namespaces: whole, with a link down for 15 s, and with a link down for good. Ends with exit code 0 where
all three have the same parameters in time. Needs root, ip and tc (iproute2).
TEXT
}
most=420 settings=()
while (($#)); do
    case $1 in
        --help | -h) usage && exit 0 ;;
        --most) most=$2 && shift 2 ;;
        *=*) settings+=("$1") && shift ;;
        *) refuse "got $1, expected one of --most or key=value: see --help" ;;
    esac
done
start 3

# trained NAME: in the background, its process in $training.
trained() {
    job train --conf "$root/conf/digits.conf" "output=$folder/$1" averaging.workers=6 averaging.steps-per-round=5 training.epochs=120 \
        "${settings[@]}" >"$folder/$1.txt" 2>&1 &
    training=$!
}

# begun NAME: returns when some rounds are done.
begun() {
    until [[ $(wc -l 2>/dev/null <"$folder/$1/metrics.jsonl") -gt 40 ]]; do
        kill -0 "$training" 2>/dev/null || { cat "$folder/$1.txt" >&2 && exit 1; }
        sleep 0.2
    done
}

# ended NAME: waits for the training, at most for so long, and says how long it took and to what parameters.
ended() {
    local from=$SECONDS
    while kill -0 "$training" 2>/dev/null; do
        ((SECONDS - from <= most)) || { echo "$1: not at its end $most s after the loss" >&2 && exit 1; }
        sleep 0.5
    done
    wait "$training" || { cat "$folder/$1.txt" >&2 && exit 1; }
    hash=$(grep -o '"parametersSha256" *: *"[0-9a-f]*"' "$folder/$1/summary.json")
    echo "$1: ended $((SECONDS - from)) s later, $hash"
    grep -h 'begins again\|ended early\|span' "$folder/$1.txt" | cut -c -200 || true
    expected=${expected:-$hash}
    [[ $hash == "$expected" ]] || { echo "$1: got $hash, expected $expected" >&2 && exit 1; }
}

link() { within "$1" ip link set wire "$2"; }

trained whole
ended whole
trained for-a-while
begun for-a-while
link 2 down
sleep 15
link 2 up
ended for-a-while
trained for-good
begun for-good
link 3 down
ended for-good
