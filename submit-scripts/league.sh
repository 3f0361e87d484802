#!/usr/bin/env bash
# league.sh [--master URL] [--conf FILE] [key=value …]; see --help.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

submit org.coinflip.spark.job.LeagueJob "$@"
