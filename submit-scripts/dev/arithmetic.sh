#!/usr/bin/env bash
# arithmetic.sh [--quick] [NAME…]; see --help.
# shellcheck source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

# NAME|what the processor must have|environment|options of the tests' JVM: a line for each, of which --quick takes those with a star.
# MKL_CBWR=COMPATIBLE is the code that MKL takes on other makers' processors. A JVM with UseAVX=1 has vectors of 4 floats, with 2 of 8, with 3 of 16.
arithmetics="
mkl|sse2||-Dcoinflip.blas=mkl
mkl-avx2|avx2|MKL_CBWR=AVX2|-Dcoinflip.blas=mkl
mkl-compatible*|sse2|MKL_CBWR=COMPATIBLE|-Dcoinflip.blas=mkl -XX:UseAVX=1
openblas|||-Dcoinflip.blas=openblas
openblas-sandybridge|avx|OPENBLAS_CORETYPE=Sandybridge|-Dcoinflip.blas=openblas
openblas-haswell|avx2|OPENBLAS_CORETYPE=Haswell|-Dcoinflip.blas=openblas
openblas-zen*|avx2|OPENBLAS_CORETYPE=Zen|-Dcoinflip.blas=openblas -XX:UseAVX=2
openblas-skylakex*|avx512f|OPENBLAS_CORETYPE=SkylakeX|-Dcoinflip.blas=openblas -Dcoinflip.kernels=scalar
vectors-4|avx||-XX:UseAVX=1
vectors-8|avx2||-XX:UseAVX=2
vectors-16|avx512f||-XX:UseAVX=3
scalar|||-Dcoinflip.kernels=scalar
no-fma|||-XX:-UseFMA
portable|||-Dcoinflip.blas=portable
"

usage() {
    cat <<END
usage: arithmetic.sh [--quick] [NAME…]

Runs the tests that are tagged "numerical", of all modules, under the arithmetic that other machines have, and prints a line for each; what this
processor cannot run is left out. Whole, it takes about an hour.

  --quick  three arithmetics and the tests of model-core that are not statistical: three minutes
  NAME…    these: $(cut -d '|' -f 1 <<<"$arithmetics" | tr -d '*' | paste -s -d ' ' | sed 's/^ *//')

Logs are in target/arithmetic. Ends with 1 where a test fails, or none runs. MAVEN_ARGS has options for Maven.
END
}

# number KEY: the sum over the modules of what the closing lines of their test reports say.
number() {
    { grep -oE "Tests run: .*Skipped: [0-9]+\$" "$log" || true; } | { grep -oE "$1: [0-9]+" || true; } | awk '{ sum += $NF } END { print sum + 0 }'
}

run() {
    local name=$1 environment=$2 jvm=$3 status=0 tests failures started=$SECONDS
    log=$root/target/arithmetic/$name.log
    read -ra settings <<<"$environment"
    (cd "$root" && env -u OPENBLAS_CORETYPE -u MKL_CBWR -u MKL_ENABLE_INSTRUCTIONS "${settings[@]}" \
        mvn -B "${maven_args[@]}" test -Dmaven.test.failure.ignore=true -pl "$modules" "-Dgroups=$groups" "-Darithmetic.options=$jvm" >"$log" 2>&1) || status=$?
    tests=$(number "Tests run")
    failures=$(($(number Failures) + $(number Errors)))
    printf '%-22s %6d tests %4d failures %5d s   %s %s\n' \
        "$name" "$tests" "$failures" $((SECONDS - started)) "$environment" "$jvm"
    ((status == 0 && failures == 0 && tests > 0)) || {
        { grep -E '<<< (FAILURE|ERROR)!|BUILD|COMPILATION' "$log" || tail -n 3 "$log"; } | head -n 10 >&2
        echo "target/arithmetic/$name.log says all" >&2
        failed=1
    }
}

quick='' failed=0 named=()
for argument in "$@"; do
    case $argument in
        -h | --help) usage && exit ;;
        --quick) quick=1 ;;
        -*) refuse "arithmetic.sh: got $argument, expected --quick or names: --help says which" ;;
        *)
            grep -qE "^$argument\*?\|" <<<"$arithmetics" ||
                refuse "arithmetic.sh: got $argument, expected names of arithmetics: --help says which"
            named+=("$argument")
            ;;
    esac
done

modules=model-core,data-prep,spark-jobs groups=numerical
if [[ $quick ]]; then
    modules=model-core groups='numerical & !statistical'
fi
read -ra maven_args <<<"${MAVEN_ARGS:-}"
mkdir -p "$root/target/arithmetic"
while IFS='|' read -r name needs environment jvm; do
    bare=${name%\*}
    [[ $name ]] || continue
    if ((${#named[@]})); then
        [[ " ${named[*]} " == *" $bare "* ]] || continue
    elif [[ $quick && $name == "$bare" ]]; then
        continue
    fi
    if [[ $needs ]] && ! grep -qsw "$needs" /proc/cpuinfo; then
        printf '%-22s not on this processor, which has no %s\n' "$bare" "$needs"
        continue
    fi
    run "$bare" "$environment" "$jvm"
done <<<"$arithmetics"
exit "$failed"
