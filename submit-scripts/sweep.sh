#!/usr/bin/env bash
# sweep.sh [--master URL] [--conf FILE] [key=value …]; see --help. With no --conf it runs conf/sweeps/digits-estimators.conf.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

conf=(--conf "$root/conf/sweeps/digits-estimators.conf")
for argument; do
    case $argument in --conf | --conf=*) conf=() ;; esac
done
submit org.coinflip.spark.job.SweepJob "${conf[@]}" "$@"
