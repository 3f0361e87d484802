#!/usr/bin/env bash
# compare.sh RUN RUN … [key=value …]; see --help.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

submit org.coinflip.spark.job.CompareJob "$@"
