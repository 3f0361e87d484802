#!/usr/bin/env bash
# train.sh [--master URL] [--conf FILE] [key=value …]; see --help. With no --conf it trains conf/digits.conf.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

conf=(--conf "$root/conf/digits.conf")
for argument; do
    case $argument in --conf | --conf=*) conf=() ;; esac
done
submit org.coinflip.spark.job.TrainJob "${conf[@]}" "$@"
