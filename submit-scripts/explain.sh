#!/usr/bin/env bash
# explain.sh model=FOLDER example=ID epoch=E [key=value …]; see --help.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

submit org.coinflip.spark.job.ExplainJob "$@"
