# shellcheck shell=bash
# Sourced by the scripts beside it: starts a job through spark-submit. In the project it builds what is missing before; in an unpacked
# distribution (mvn -Pdistribution package), where these scripts are bin/, everything is in lib/.
#
#   SPARK_MASTER    the master where --master is not given (default: local[*])
#   SPARK_HOME      a Spark whose bin/spark-submit is used (default: the Spark that the build resolved)
#   SPARK_DEFAULTS  a file of Spark properties, such as conf/spark/standalone.conf
#   DRIVER_MEMORY   heap of the driver, such as 1536m (default: spark.driver.memory of SPARK_DEFAULTS, else 2g)
#   JAVA_HOME       the JDK 17 (default: the java on the PATH)
#   TMPDIR, SPARK_LOCAL_DIRS  where temporary files go (default: /tmp)
#   COINFLIP_LOGS   folder of the logs, one file a run (default: logs/ in the project)
#   COINFLIP_APPLICATION  of a distribution: where executors find its jar, such as local:///opt/coinflip/lib/coinflip.jar (default: it is sent)
#   MAVEN_ARGS      options for Maven when something is built, such as -Dmaven.repo.local=DIR
#
# Relative paths, in arguments and in experiment files alike, start from the current folder.
set -euo pipefail

# By the file itself: $PWD, CDPATH and links to the script or to its folder say nothing of where the project is.
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# Whether this is a distribution: nothing is built there.
packaged=
[[ -e $root/pom.xml || ! -e $root/lib/coinflip.jar ]] || packaged=yes
# What executors are given, and the Spark that serves where SPARK_HOME names none.
application=$root/target/coinflip.jar
own_spark=$root/target/spark-home
if [[ $packaged ]]; then
    application=${COINFLIP_APPLICATION:-$root/lib/coinflip.jar}
    own_spark=$root/spark
fi
module_option=--add-modules=jdk.incubator.vector
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

refuse() {
    echo "$1" >&2
    exit 2
}

# Java names files by the locale's characters: in the plain C locale of cron and containers those beyond ASCII are not found.
if [[ $(locale charmap 2>/dev/null) != UTF-8 ]]; then export LC_ALL=C.UTF-8; fi

# Refuses in one line the Java that nothing here runs on.
check_java() {
    local version
    [[ -z ${JAVA_HOME:-} || -x $java ]] ||
        refuse "JAVA_HOME: got $JAVA_HOME, expected a JDK 17 with bin/java: correct it, or unset it for the java on the PATH"
    version=$("$java" -version 2>&1 | grep -o 'version "[^"]*"') ||
        refuse "java: got none that runs, expected a JDK 17: install one (Debian: openjdk-17-jdk-headless), or set JAVA_HOME"
    [[ $version == 'version "17'[.\"]* ]] ||
        refuse "java: got ${version#* } at $(type -P "$java"), expected a JDK 17: set JAVA_HOME to one"
}

# The driver's heap as both java and Spark read it: megabytes where no unit is given, as Spark has it.
driver_memory() {
    local wanted=${DRIVER_MEMORY:-} property='^[[:space:]]*spark\.driver\.memory[[:space:]=:]+([^[:space:]]+).*'
    [[ -n $wanted || -z ${SPARK_DEFAULTS:-} ]] || wanted=$(sed -nE "s/$property/\1/p" "$SPARK_DEFAULTS" | tail -n 1)
    wanted=${wanted:-2g}
    [[ ${wanted,,} =~ ^([1-9][0-9]{0,8})([kmgt]?)b?$ ]] ||
        refuse "DRIVER_MEMORY: got $wanted, expected a whole number and its unit, such as 1536m or 2g"
    echo "${BASH_REMATCH[1]}${BASH_REMATCH[2]:-m}"
}

# Refuses what Spark and Hadoop would answer with a stack trace: a user without a name, no room for what they keep for a while.
check_surroundings() {
    local folder=${SPARK_LOCAL_DIRS:-${TMPDIR:-/tmp}} probe
    folder=${folder%%,*}
    id -un >/dev/null 2>&1 ||
        refuse "user: got the id $(id -u), which has no name here, expected one for Hadoop: add a line for it to /etc/passwd, such as coinflip:x:$(id -u):$(id -g)::/tmp:/bin/sh"
    probe=$(mktemp "$folder/coinflip-XXXXXX" 2>/dev/null) || probe=
    if [[ -z $probe ]] || ! head -c 1048576 /dev/zero 2>/dev/null >"$probe"; then
        [[ -z $probe ]] || rm -f "$probe"
        refuse "$folder: cannot be written or is full, expected room for Spark's files: make room, or name another folder by SPARK_LOCAL_DIRS and TMPDIR"
    fi
    rm -f "$probe"
}

maven() {
    local options
    type -P mvn >/dev/null || refuse "mvn: got none on the PATH, expected Maven 3.8 or later for the build: install it"
    type -P "${java%java}javac" >/dev/null ||
        refuse "javac: got none beside $java, expected a JDK 17 for the build: install one (Debian: openjdk-17-jdk-headless)"
    read -ra options <<<"${MAVEN_ARGS:-}"
    mkdir -p "$root/target"
    # what it leaves behind holds neither the lock nor the terminal
    while sleep 30 >/dev/null 2>&1; do echo "building for $SECONDS s" >&2; done 9>&- &
    # shellcheck disable=SC2064 # now, for there is one at a time
    trap "kill $! 2>/dev/null" EXIT
    if ! (cd "$root" && mvn -q -B "${options[@]}" "$@" >"$root/target/build.log" 2>&1); then
        { grep -F "[ERROR]" "$root/target/build.log" || tail -n 3 "$root/target/build.log"; } | head -n 5 >&2
        echo "the build failed: target/build.log says all" >&2
        exit 1
    fi
    kill $! 2>/dev/null || true
    trap - EXIT
}

# Whether something that FILE was built from is newer than FILE.
is_stale() {
    [[ ! -e $1 || -n $(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main "$root"/spark-jobs/src/spark-3 -newer "$1" -print -quit) ]]
}

# Runs a build function unless another run has done its work by the time that it is this one's turn.
build() {
    [[ ! $packaged ]] || return 0
    "$1_is_stale" || return 0
    (umask 022 && mkdir -p "$root/target" 2>/dev/null) || true
    [[ -w $root/target && (! -e $root/target/build.lock || -w $root/target/build.lock) ]] ||
        refuse "$root: has to be built, and user $(id -u) cannot write there: let $(stat -c %U "$root") run submit-scripts/train.sh once with a Maven repository that all can read, or copy the project into a folder of your own"
    (
        # whoever else runs this build reads it
        umask 022
        flock 9
        "$1_is_stale" || exit 0
        "build_$1"
    ) 9>"$root/target/build.lock"
}

classpath_is_stale() {
    local entry entries
    ! is_stale "$root/target/classpath" || return 0
    mapfile -d : -t entries <"$root/target/classpath"
    # of a checkout that was copied, the class path is the original's
    [[ ${entries[0]} == "$root"/target/* ]] || return 0
    for entry in "${entries[@]}"; do
        [[ -r $entry ]] || return 0
    done
    return 1
}

# The modules' jars are copied, so that a build leaves those alone that a running job reads. A short training records the classes that
# it loads in an archive (class data sharing), from which every later start takes them: it saves two seconds.
build_classpath() {
    local archive entry entries jars own='' others='' started="$root/target/classpath.started"
    echo "building Coinflip: the first run, or sources have changed; what Maven's repository lacks is downloaded, the first time about 1 GB" >&2
    touch "$started"
    maven -Dmaven.test.skip=true -Dspotless.check.skip=true package \
        dependency:build-classpath -DincludeScope=runtime -Dmdep.outputFile=target/resolved-classpath
    find "$root/target" -maxdepth 1 -name 'jars-*' -mmin +60 -exec rm -rf {} +
    jars=$(mktemp -d "$root/target/jars-XXXXXX")
    chmod 755 "$jars"
    mapfile -d : -t entries <"$root/benchmarks/target/resolved-classpath"
    for entry in "$root"/benchmarks/target/benchmarks-*.jar "${entries[@]}"; do
        if [[ $entry == "$root"/* ]]; then
            cp "$entry" "$jars/"
            own+="$jars/${entry##*/}:"
        else
            others+=":$entry"
        fi
    done
    printf %s "${own%:}$others" >"$started.content"
    archive=$(archive "$(<"$started.content")")
    COINFLIP_LOG=$archive.log LOG4J_CONFIGURATION_FILE=$root/conf/log4j2.properties \
        "$java" "@$root/conf/java-options" "-XX:ArchiveClassesAtExit=$archive" -cp "$(<"$started.content")" \
        org.apache.spark.deploy.SparkSubmit --master 'local[1]' --class org.coinflip.spark.job.TrainJob spark-internal \
        --conf "$root/conf/digits.conf" training.epochs=1 "output=$jars/training" >"$archive.out" 2>&1 || true
    rm -rf "$jars/training"
    touch -r "$started" "$started.content"
    mv "$started.content" "$root/target/classpath"
    rm "$started"
}

application_is_stale() { is_stale "$root/target/coinflip.jar"; }

# One jar with all that Spark does not bring along. Put in place whole: a running driver goes on serving the old one.
build_application() {
    local started="$root/target/coinflip.jar.started"
    echo "assembling target/coinflip.jar for executors: the first run on a cluster, or sources have changed" >&2
    touch "$started"
    maven -Dmaven.test.skip=true -Dspotless.check.skip=true -Papplication -pl spark-jobs -am package
    require_lean "$root"/spark-jobs/target/spark-jobs-*-application.jar
    touch -r "$started" "$root"/spark-jobs/target/spark-jobs-*-application.jar
    mv "$root"/spark-jobs/target/spark-jobs-*-application.jar "$root/target/coinflip.jar"
    rm "$started"
}

# Of a class that is in the application and in Spark too, executors take one or the other. TaskContextHelper is DL4J's own.
require_lean() {
    local brought
    brought=$(jar tf "$1" | grep -E '^(org/apache/(spark|hadoop|parquet)|scala)/.*\.class$' |
        grep -Ev '^org/apache/spark/TaskContextHelper' || true)
    [[ -z $brought ]] || {
        echo "the assembled jar has $(wc -l <<<"$brought") classes that Spark brings, ${brought%%$'\n'*} the first, expected none:" \
            "leave out what they come from in spark-jobs/pom.xml" >&2
        exit 1
    }
}

spark_home_is_stale() {
    local jar
    [[ ! "$root/pom.xml" -nt "$root/target/spark-home/jars" ]] || return 0
    for jar in "$root"/target/spark-home/jars/*; do
        [[ -e $jar ]] || return 0
    done
    return 1
}

build_spark_home() {
    echo "assembling target/spark-home from the build's Spark, for SPARK_HOME is not set" >&2
    "$root/submit-scripts/dev/spark-home.sh" "$root/target/spark-home"
}

# Replaces this shell by a program. The JVM names its incubator modules on standard error before anything runs; that line is left out.
start() {
    exec "$@" 2> >(
        trap '' INT TERM HUP
        while IFS= read -r line; do
            [[ $line != 'WARNING: Using incubator modules:'* ]] || exec cat >&2
            printf '%s\n' "$line" >&2
        done
    )
}

# The archive of classes that belongs to a class path. Where it is missing or does not fit, the JVM goes on without.
archive() { echo "$(dirname "${1%%:*}")/classes.jsa"; }

# Java takes /tmp unless it is told to heed TMPDIR, and so do the drivers that a Spark starts by itself, and its executors on this machine.
temporary=()
if [[ -n ${TMPDIR:-} ]]; then
    temporary=("-Djava.io.tmpdir=$TMPDIR")
    export SPARK_LOCAL_DIRS=${SPARK_LOCAL_DIRS:-$TMPDIR} SPARK_SUBMIT_OPTS="-Djava.io.tmpdir=$TMPDIR ${SPARK_SUBMIT_OPTS:-}"
fi

# The driver's class path. A distribution's names Spark's jars one by one, as its executors are given it too.
classpath() {
    local spark=${SPARK_HOME:-$own_spark} all
    if [[ ! $packaged ]]; then
        cat "$root/target/classpath"
        return
    fi
    [[ -d $spark/jars ]] ||
        refuse "SPARK_HOME: got ${SPARK_HOME:-nothing}, expected a Spark $(<"$root/lib/spark-version"), for this archive has none of its own: set SPARK_HOME to one, or take the archive with Spark"
    all=$(printf '%s:' "$root"/lib/*.jar "$spark"/jars/*.jar)
    echo "${all%:}"
}

# That of the own Spark, without whose name its executors end at launch and say nothing.
scala_version() { basename "$own_spark"/jars/scala-library-*.jar | sed -E 's/^scala-library-([0-9]+\.[0-9]+).*/\1/'; }

# start_java CLASS ARGUMENT…
start_java() {
    local classpath memory
    check_java
    memory=$(driver_memory)
    build classpath
    classpath=$(classpath)
    start "$java" "@$root/conf/java-options" "-Xmx$memory" "${temporary[@]}" "-XX:SharedArchiveFile=$(archive "$classpath")" \
        '-Xlog:cds*=off' -cp "$classpath" "$@"
}

# The master among a job's arguments, else SPARK_MASTER, else local[*].
master() {
    local master=${SPARK_MASTER:-local[*]}
    while (($#)); do
        case $1 in
            --master) master=${2-} && shift ;;
            --master=*) master=${1#*=} ;;
        esac
        shift || break
    done
    echo "$master"
}

# Refuses in one line what spark-submit would answer with a stack trace.
check_spark() {
    local threads='([1-9][0-9]*|\*)' number=' *[1-9][0-9]* *'
    [[ $1 =~ ^(local|local\[$threads(,$number)?\]|local-cluster\[$number,$number,$number\]|spark://.+|k8s://.+|yarn)$ ]] ||
        refuse "--master: got \"$1\", expected local, local[N], local[*], local-cluster[N,CORES,MEGABYTES], spark://HOST:PORT, k8s://… or yarn"
    [[ -z ${SPARK_HOME:-} || -x $SPARK_HOME/bin/spark-submit ]] ||
        refuse "SPARK_HOME: got $SPARK_HOME, expected a Spark with bin/spark-submit: correct it, or unset it for the build's Spark"
    [[ -n ${SPARK_HOME:-} || $1 != yarn && $1 != k8s://* ]] ||
        refuse "--master $1 needs a Spark distribution, for the build's Spark has no YARN and no Kubernetes: set SPARK_HOME"
    [[ -z ${SPARK_DEFAULTS:-} || -f $SPARK_DEFAULTS ]] ||
        refuse "SPARK_DEFAULTS: got $SPARK_DEFAULTS, expected a file of Spark properties, such as conf/spark/standalone.conf"
}

# submit CLASS ARGUMENT…: runs a job's class with the arguments of its script.
submit() {
    local class=$1 argument classpath logs master memory options
    shift
    for argument; do
        case $argument in -h | --help | -V | --version) start_java "$class" "$@" ;; esac
    done
    master=$(master "$@")
    check_spark "$master"
    check_java
    check_surroundings
    memory=$(driver_memory)
    logs=${COINFLIP_LOGS:-$root/logs}
    mkdir -p "$logs" 2>/dev/null && [[ -w $logs ]] || logs=${TMPDIR:-/tmp}
    COINFLIP_LOG=$logs/$(basename "$0" .sh)-$(date +%Y%m%d-%H%M%S)-$$.log
    export COINFLIP_LOG LOG4J_CONFIGURATION_FILE=$root/conf/log4j2.properties
    options=(--master "$master" --class "$class" --driver-memory "$memory"
        --conf "spark.driver.defaultJavaOptions=$module_option"
        --conf spark.executorEnv.LC_ALL=C.UTF-8
        --conf "spark.executor.defaultJavaOptions=$module_option")
    [[ -z ${SPARK_DEFAULTS:-} ]] || options+=(--properties-file "$SPARK_DEFAULTS")
    if [[ -z ${SPARK_HOME:-} && $master == local* ]]; then
        build classpath
        if [[ $master == local-cluster* ]]; then
            # Its executors are processes of this machine: they take the build's class path, and no jar is handed out.
            build spark_home
            classpath=$(classpath)
            options+=(--conf "spark.executor.extraClassPath=$classpath")
            export SPARK_HOME=$own_spark
            SPARK_SCALA_VERSION=$(scala_version)
            export SPARK_SCALA_VERSION
            if [[ ! -w $SPARK_HOME ]]; then
                # its workers' folders are in it, whatever they are told
                SPARK_HOME=$(mktemp -d "${TMPDIR:-/tmp}/coinflip-spark-XXXXXX")
                ln -s "$own_spark/bin" "$own_spark/jars" "$SPARK_HOME/"
            fi
        fi
        start_java org.apache.spark.deploy.SparkSubmit "${options[@]}" spark-internal "$@"
    fi
    build application
    if [[ -z ${SPARK_HOME:-} ]]; then
        build spark_home
        export SPARK_HOME=$own_spark
        [[ -x $SPARK_HOME/bin/spark-submit ]] || classpath >/dev/null
    fi
    start "$SPARK_HOME/bin/spark-submit" "${options[@]}" "$application" "$@"
}
