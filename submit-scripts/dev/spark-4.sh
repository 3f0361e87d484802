#!/usr/bin/env bash
# spark-4.sh [MAVEN OPTION…]: builds all modules for Spark 4 and Scala 2.13 and runs the tests of data-prep, and those of model-core and
# spark-jobs that another Spark may matter to, on a copy in target/spark-4, so that what is built here stays what it is.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
copy=target/spark-4
mkdir -p "$copy"
tar --exclude=./target --exclude='./*/target' --exclude=./model-core/scoring/target --exclude=./out --exclude=./logs --exclude=./.git -cf - . |
    tar -xf - -C "$copy" --overwrite
mvn -B -f "$copy/pom.xml" -Pspark-4 -Dspotless.check.skip=true "$@" test
