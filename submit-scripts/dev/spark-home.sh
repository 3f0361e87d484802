#!/usr/bin/env bash
# spark-home.sh DIR: makes DIR a Spark home (jars/ and bin/) of the Spark that the build resolves, with its versions.
# It runs local-cluster and standalone masters; for YARN and Kubernetes take a Spark distribution.
# shellcheck source=../common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

[[ $# == 1 && $1 != -* ]] || { echo "usage: spark-home.sh DIR" >&2 && exit 2; }
mkdir -p "$1"
home=$(readlink -f "$1")
maven -f submit-scripts/dev/spark-home.xml dependency:build-classpath "-Dmdep.outputFile=$home/classpath"
rm -rf "$home/jars.unfinished" "$home/jars"
mkdir -p "$home/jars.unfinished" "$home/bin"
mapfile -d : -t jars <"$home/classpath"
ln -s "${jars[@]}" "$home/jars.unfinished/"
cp "$root/submit-scripts/dev/spark-class" "$root/submit-scripts/dev/spark-submit" "$home/bin/"
mv "$home/jars.unfinished" "$home/jars"
