#!/usr/bin/env bash
# archive.sh ARCHIVE [WITH_SPARK_ARCHIVE]: unpacks what mvn -Pdistribution,with-spark package made into a folder that nobody can write, and as
# user nobody, without a home, without Maven and its repository, trains the digits and makes the mistakes that users make. Needs root.
set -euo pipefail

[[ $# -ge 1 && -f $1 ]] || { echo "usage: archive.sh ARCHIVE [WITH_SPARK_ARCHIVE]" >&2 && exit 2; }
[[ $(id -u) == 0 ]] || { echo "archive.sh: got user $(id -un), expected root: it becomes nobody" >&2 && exit 2; }
project=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
work=$(mktemp -d /tmp/coinflip-archive-XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
java=$(dirname "$(dirname "$(readlink -f "$(type -P "${JAVA_HOME:+$JAVA_HOME/bin/}java")")")")
failures=0

# unpack ARCHIVE NAME
unpack() {
    mkdir "$work/$2"
    tar -xzf "$1" -C "$work/$2" --strip-components=1 --no-same-owner
    chmod -R a+rX,a-w "$work/$2"
}

# nobody HOME [NAME=VALUE …] COMMAND…: as user nobody, with nothing of this environment. Output in $work/out, what it says in $work/err.
as_nobody() {
    local status=0
    (cd /tmp && setpriv --reuid=nobody --regid=nogroup --clear-groups env -i PATH=/usr/bin:/bin HOME=/nonexistent "JAVA_HOME=$java" \
        "TMPDIR=$work/tmp" "$@") >"$work/out" 2>"$work/err" </dev/null || status=$?
    echo "$status"
}

# expect WHAT CODE PATTERN COMMAND…: the exit code, and one line of standard error or output with the pattern.
expect() {
    local what=$1 code=$2 pattern=$3 got
    shift 3
    got=$(as_nobody "$@")
    if [[ $got == "$code" ]] && cat "$work/err" "$work/out" | grep -qE "$pattern" && { ((code == 0)) || [[ $(wc -l <"$work/err") == 1 ]]; }; then
        echo "ok: $what"
    else
        echo "FAILED: $what: exit code $got, expected $code and \"$pattern\"" >&2
        head -n 5 "$work/err" "$work/out" >&2
        failures=$((failures + 1))
    fi
}

install -d -o nobody -g nogroup "$work/tmp" "$work/home"
hash=$(sed -n 's/^parameters \([0-9a-f]\{64\}\)$/\1/p' "$project/README.md")
plain=$work/plain
unpack "$1" plain
expect "without a Spark, says so" 2 '^SPARK_HOME: got nothing, expected a Spark ' "$plain/bin/train.sh" "output=$work/tmp/none"
expect "a Spark that is none, says so" 2 '^SPARK_HOME: got /nowhere, expected a Spark with bin/spark-submit' SPARK_HOME=/nowhere "$plain/bin/train.sh"
if [[ $# -ge 2 ]]; then
    spark=$work/spark
    unpack "$2" spark
    seconds=$SECONDS
    expect "the digits, with the archive's Spark: $hash" 0 "^parameters $hash$" "$spark/bin/train.sh" "output=$work/tmp/digits"
    echo "    in $((SECONDS - seconds)) s: $(head -n 1 "$work/out")"
    expect "an output that exists, says so" 2 'exists' "$spark/bin/train.sh" "output=$work/tmp/digits"
    expect "the model evaluated" 0 "error 2" "$spark/bin/evaluate.sh" "model=$work/tmp/digits/model" data.source=digits split=test "output=$work/tmp/evaluation"
    expect "the digits, with SPARK_HOME: $hash" 0 "^parameters $hash$" "SPARK_HOME=$spark/spark" "$plain/bin/train.sh" "output=$work/tmp/digits-2"
    expect "the digits, in processes of a local cluster: $hash" 0 "^parameters $hash$" \
        "$spark/bin/train.sh" --master 'local-cluster[2,1,1536]' "output=$work/tmp/digits-3"
    expect "an unknown key, says so" 2 'unknown key' "$spark/bin/train.sh" trainin.epochs=2
    expect "another Java, says so" 2 '^JAVA_HOME: got /nowhere, expected' JAVA_HOME=/nowhere "$spark/bin/train.sh"
    expect "help" 0 'Usage: train' "$spark/bin/train.sh" --help
fi
find "$plain" ${spark:+"$spark"} -newer "$work/tmp" -type f | grep . >&2 && { echo "FAILED: files appeared in the archive's folder" >&2; failures=$((failures + 1)); }
for archive; do
    echo "$(basename "$archive"): $(($(stat -c %s "$archive") / 1000000)) MB"
done
((failures == 0))
