#!/usr/bin/env bash
# sweep.sh [--master URL] [--conf FILE] [key=value …]; see --help. With no --conf it runs conf/sweeps/digits-estimators.conf.
# sweep.sh --best N train FOLDER [--master URL] [key=value …] trains the N-th best configuration of the sweep in FOLDER by itself.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

if [[ ${1:-} == --best ]]; then
    [[ ${2:-} =~ ^[1-9][0-9]{0,4}$ && ${3:-} == train && -n ${4:-} ]] ||
        refuse "sweep.sh --best: got ${*:2}, expected a place, train and a sweep's folder, such as --best 1 train out/estimators"
    submit org.coinflip.spark.job.TrainJob --conf "${4%/}/best/$2/experiment.conf" "${@:5}"
fi

conf=(--conf "$root/conf/sweeps/digits-estimators.conf")
for argument; do
    case $argument in --conf | --conf=*) conf=() ;; esac
done
submit org.coinflip.spark.job.SweepJob "${conf[@]}" "$@"
