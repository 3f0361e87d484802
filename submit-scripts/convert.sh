#!/usr/bin/env bash
# convert.sh (model=DIR | dl4j=FILE.zip trust=true) output=DIR; see --help. Runs without Spark's cluster.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

submit org.coinflip.spark.job.ConvertJob "$@"
