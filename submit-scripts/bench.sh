#!/usr/bin/env bash
# bench.sh CASE [--threads N] [--seconds S] [--json]; see --help. Runs without Spark.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

start_java org.coinflip.bench.Bench "$@"
