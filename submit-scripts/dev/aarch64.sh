#!/usr/bin/env bash
# aarch64.sh train [key=value…]   trains a small network on the digits in portable arithmetic, here and in an AArch64 JVM under QEMU's
#                                 user-mode emulation, and compares the parameters' hashes
# aarch64.sh test [TESTS]         runs tests of model-core in that JVM (default: portable trainings, kernels and their scalar twins, flushing)
#
# Needs Debian's apt-get and dpkg-deb, not root: QEMU, the JVM and its libraries are unpacked into target/aarch64 and nothing is installed.
#
#   AARCH64_OPTIONS  options of that JVM, such as -XX:UseSVE=0 (vectors of 4 floats; QEMU's processor offers SVE with 16)
# shellcheck source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

folder=$root/target/aarch64

# fetch ARCHITECTURE FOLDER PACKAGE…: unpacks packages of an architecture. APT's lists and state are kept apart from the machine's.
fetch() {
    local architecture=$1 to=$2 state=$folder/apt-$1 package apt
    shift 2
    mkdir -p "$to" "$state/lists/partial" "$state/archives/partial"
    : >"$state/status"
    apt=(apt-get -qq -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o "Dir::State=$state"
        -o "Dir::State::status=$state/status" -o "Dir::Cache=$state" -o APT::Sandbox::User=root)
    "${apt[@]}" update >"$state/log" 2>&1
    (cd "$state/archives" && "${apt[@]}" download "$@" >>"$state/log" 2>&1)
    for package in "$state"/archives/*.deb; do
        dpkg-deb -x "$package" "$to"
    done
    rm -rf "$state"
}

emulated_jvm_is_stale() { [[ ! -x $folder/bin/java ]]; }

build_emulated_jvm() {
    echo "fetching QEMU and an AArch64 JVM into target/aarch64" >&2
    rm -rf "$folder"
    fetch "$(dpkg --print-architecture)" "$folder/host" qemu-user-static
    fetch arm64 "$folder/root" openjdk-17-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g
    mkdir "$folder/bin"
    # Started by fork, programs are the machine's own; the helper that Java would start them by is of the other processor.
    cat >"$folder/java" <<EOF
#!/bin/sh
exec "$folder/host/usr/bin/qemu-aarch64-static" -L "$folder/root" \\
    "$folder/root/usr/lib/jvm/java-17-openjdk-arm64/bin/java" -Djdk.lang.Process.launchMechanism=FORK \$AARCH64_OPTIONS "\$@"
EOF
    chmod +x "$folder/java"
    mv "$folder/java" "$folder/bin/java"
}

# The build's class path with the natives of this platform instead of those of the machine, into target/aarch64/emulated-classpath.
build_emulated_classpath() {
    local natives='/org/(nd4j/nd4j-native|bytedeco)/'
    maven -Dnative.platform=linux-arm64 -pl model-core dependency:build-classpath "-Dmdep.outputFile=$folder/classpath"
    {
        tr : '\n' <"$root/target/classpath" | grep -Ev "$natives"
        tr : '\n' <"$folder/classpath" | grep -E "$natives"
    } | paste -sd: >"$folder/emulated-classpath"
}

# train_by NAME JAVA CLASSPATH KEY=VALUE…: prints what a training in local mode ends with.
train_by() {
    local name=$1 program=$2 classpath=$3
    shift 3
    COINFLIP_LOG=$folder/$name.log LOG4J_CONFIGURATION_FILE=$root/conf/log4j2.properties \
        "$program" "@$root/conf/java-options" -Xmx1g -cp "$classpath" org.apache.spark.deploy.SparkSubmit \
        --master 'local[1]' --class org.coinflip.spark.job.TrainJob spark-internal --conf "$root/conf/digits.conf" arithmetic=portable \
        'network.layers=[{type=stochastic,units=24,law=bernoulli,estimator=straight-through},{type=output,units=10,objective=cross-entropy}]' \
        training.epochs=2 "$@" "output=$folder/$name" overwrite=true >"$folder/$name.out" 2>&1 ||
        { tail -n 5 "$folder/$name.out" >&2 && exit 1; }
    echo "$name, $(grep -o '"kernels" *: *"[^"]*"' "$folder/$name/summary.json" | cut -d'"' -f4):"
    grep -E '^(digits done|parameters)' "$folder/$name.out"
}

train() {
    build classpath
    build_emulated_classpath
    train_by here "$java" "$(<"$root/target/classpath")" "$@"
    train_by emulated "$folder/bin/java" "$(<"$folder/emulated-classpath")" "$@"
    if [[ $(grep ^parameters "$folder/here.out") != "$(grep ^parameters "$folder/emulated.out")" ]]; then
        echo "the parameters differ, expected the same bits: target/aarch64 has both trainings" >&2
        exit 1
    fi
}

test_emulated() {
    (cd "$root" && mvn -B -q -pl model-core test -Dnative.platform=linux-arm64 "-Djvm=$folder/bin/java" -Dspotless.check.skip=true \
        -Dsurefire.failIfNoSpecifiedTests=false \
        "-Dtest=${1:-PortableTrainingTest,PortableBlasTest,ElementwiseTwinsTest,SamplingTwinsTest,LayerTwinsTest,ThreefryTest,FlushToZeroTest}")
}

case ${1:-} in
    train | test) command=$1 && shift ;;
    *) echo "usage: aarch64.sh train [key=value…] | test [TESTS]" >&2 && exit 2 ;;
esac
command -v apt-get >/dev/null || refuse "aarch64.sh takes QEMU and a JVM from Debian's packages, and found no apt-get: run it on Debian"
build emulated_jvm
case $command in
    train) train "$@" ;;
    test) test_emulated "$@" ;;
esac
