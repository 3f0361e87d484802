#!/usr/bin/env bash
# papers.sh [TABLE …] [--master URL] [--output FOLDER] [--page FILE] [key=value …]; see --help.
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

usage() {
    cat <<'TEXT'
usage: papers.sh [TABLE …] [--list] [--results] [--master URL] [--output FOLDER] [--page FILE] [key=value …]
Runs the papers' tables under their own protocols and sets our means and standard errors beside the published numbers.
  TABLE            such as 1308.3432/table, or a paper's number for all of its tables; without one, all of conf/papers/published.json
  --list           say which tables there are, what each needs, and whether it is there; run nothing
  --results        run nothing: write the tables of the results that are there
  --master URL     as of sweep.sh
  --output FOLDER  where the sweeps go, each by its table's name (default out/papers)
  --page FILE      the page with all tables (default papers.md in FOLDER; the project's is docs/papers.md)
  key=value        settings of the sweeps, such as training.epochs=2; the page names them, for they are not the protocol
A table is a sweep, conf/papers/TABLE.conf. Stopped at any moment, it goes on when it is started again with the same settings and output.
A row without a result says what it needs. PYTHON names the interpreter that writes the tables (default python3).
Exit codes: 0 done, 2 usage, 3 data, 5 stopped by SIGTERM, 1 anything else: those of sweep.sh, which ends the rest.
TEXT
}

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
output=out/papers page='' only='' python=${PYTHON:-python3} tables=() master=() settings=()
while (($#)); do
    case $1 in
        -h | --help) usage && exit 0 ;;
        --list) only=list && shift ;;
        --results) only=results && shift ;;
        --master | --output | --page)
            [[ -n ${2:-} ]] || refuse "papers.sh $1: got nothing, expected a value: see --help"
            case $1 in
                --master) master=(--master "$2") ;;
                --output) output=${2%/} ;;
                --page) page=$2 ;;
            esac
            shift 2
            ;;
        -*) refuse "papers.sh: got $1, expected one of --list, --results, --master, --output, --page: see --help" ;;
        output=* | overwrite=* | resume=*) refuse "papers.sh: got $1, expected --output FOLDER: each table has a folder of its own there" ;;
        *=*) settings+=("$1") && shift ;;
        *) tables+=("$1") && shift ;;
    esac
done
[[ -z $only ]] || ((${#settings[@]} + ${#master[@]} == 0)) ||
    refuse "papers.sh: got settings beside --$only, expected none: it runs nothing"
page=${page:-$output/papers.md}
type -P "$python" >/dev/null || refuse "papers.sh: got no $python, expected Python 3 for the tables: install it, or set PYTHON to one"

known=$("$python" -c 'import json, sys; print("\n".join(json.load(open(sys.argv[1], encoding="utf-8"))))' "$root/conf/papers/published.json")
if ((${#tables[@]} == 0)); then mapfile -t chosen <<<"$known"; else chosen=(); fi
for table in "${tables[@]}"; do
    mapfile -t found < <(grep -E "^${table//./\\.}(/|\$)" <<<"$known" || true)
    ((${#found[@]})) || refuse "papers.sh: got $table, expected a paper or a table of ${known//$'\n'/, }"
    chosen+=("${found[@]}")
done

# Writes the page and prints the tables that were asked for.
write() {
    mkdir -p "$output" "$(dirname "$page")"
    "$python" - "$root/conf/papers/published.json" "$output" "$page" "$only" "${chosen[@]}" <<'PYTHON'
import csv, json, math, os, sys

published, output, page, only, *chosen = sys.argv[1:]
tables = json.load(open(published, encoding="utf-8"))
MINUS = "\N{MINUS SIGN}"


def results(name):
    """The rows of a sweep that are done, by configuration."""
    found = {}
    try:
        with open(f"{output}/{name}/table.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] == "done":
                    found.setdefault(row.get("axis.name") or row["name"], []).append(row)
    except FileNotFoundError:
        pass
    return found


def settings(name):
    try:
        return open(f"{output}/{name}.settings", encoding="utf-8").read().split("\n")[:-1]
    except FileNotFoundError:
        return []


def digits(error):
    """Decimals that show an error with two figures, at least two and at most six."""
    return 2 if not error else min(6, max(2, 1 - math.floor(math.log10(error))))


def cells(rows, metric, value):
    """Ours, published and the difference in our standard errors."""
    factor = 100 if metric.endswith(".error") else 1
    ours = [factor * float(row[metric]) for row in rows if row.get(metric) not in (None, "", "NaN")]
    low, high = value if isinstance(value, list) else (value, value)
    said = "–" if value is None else f"{low:g} to {high:g}" if low != high else f"{value:.2f}"
    if not ours:
        return ["–", said, "–"]
    mean = sum(ours) / len(ours)
    error = math.sqrt(sum((x - mean) ** 2 for x in ours) / (len(ours) - 1) / len(ours)) if len(ours) > 1 else None
    places = digits(error)
    mine = f"{mean:.{places}f}" + (f" ± {error:.{places}f}" if error is not None else "") + f" ({len(ours)})"
    if value is None or not error:
        return [mine, said, "–"]
    away = mean - high if mean > high else mean - low if mean < low else 0
    if low != high and away == 0:
        return [mine, said, "within"]
    return [mine, said, f"{away / error:+.1f}".replace("-", MINUS)]


def written(name):
    table = tables[name]
    rows = tables[table["rows-of"]]["rows"] if "rows-of" in table else table["rows"]
    found = results(name)
    changed = settings(name)
    lines = [f"## {table['title']}", "", f"`conf/papers/{name}.conf`. Published: {table['source']}.", ""]
    if changed:
        lines += ["**Not the protocol:** run with " + ", ".join(f"`{key}`" for key in changed) + ".", ""]
    heads = [f"{text} | published | difference, standard errors" for text in table["metrics"].values()]
    lines += ["| row | " + " | ".join(heads) + " |", "|---" * (1 + 3 * len(heads)) + "|"]
    for row in rows:
        ours = found.get(row["name"], [])
        line = [row["label"]]
        for number, metric in enumerate(table["metrics"]):
            one = cells(ours, metric, row.get(metric))
            if not ours and number == 0:
                one[0] = f"needs `papers.sh {name}`"
            line += one
        lines.append("| " + " | ".join(line) + " |")
    lines += ["", f"Whole: {table['needs']}." if len(found) < len(rows) else f"Seeds are {sorted({int(r['seed']) for rs in found.values() for r in rs})}."]
    return "\n".join(lines) + "\n"


if only == "list":
    for name in chosen:
        done = sum(map(len, results(name).values()))
        print(f"{name}: {tables[name]['title']}; {tables[name]['needs']}; {done or 'no'} trainings there")
    sys.exit()
head = """# The papers under their own protocols

Written by `submit-scripts/papers.sh --results --page docs/papers.md` from results that are there, and from nothing else: a row without one says what it needs. Ours are the mean ± its standard error over seeds, their number in brackets; the difference is ours less the
published number, or less the nearer end of a published range, in our standard errors, for papers say none of their own. Published numbers are in `conf/papers/published.json`, what is not as in the paper in the first lines of each file. Nor is the split of MNIST theirs: 50,000 examples train, 10,000 validate.
"""
texts = {name: written(name) for name in tables}
with open(page + ".new", "w", encoding="utf-8") as file:
    file.write(head + "\n" + "\n".join(texts.values()))
os.replace(page + ".new", page)
print("\n".join(texts[name] for name in chosen))
print(f"page {page}")
PYTHON
}

if [[ $only ]]; then
    write
    exit 0
fi
exit=0 child='' stopped=0
# the sweep ends after what it has in its journal
trap 'stopped=1; [[ -z $child ]] || kill -TERM "$child" 2>/dev/null || true' TERM INT
for table in "${chosen[@]}"; do
    mkdir -p "$output/$(dirname "$table")"
    before=$(cat "$output/$table.settings" 2>/dev/null || true)
    [[ ! -d $output/$table || $before == "$(printf '%s\n' "${settings[@]}")" ]] ||
        refuse "papers.sh: $output/$table was begun with other settings (${before//$'\n'/ }), expected the same to go on: give those, or another --output"
    rm -f "$output/$table.settings"
    ((${#settings[@]} == 0)) || printf '%s\n' "${settings[@]}" >"$output/$table.settings"
    echo "$table" >&2
    "$scripts/sweep.sh" "${master[@]}" --conf "$root/conf/papers/$table.conf" \
        "output=$output/$table" "${settings[@]}" &
    child=$!
    wait "$child" || exit=$?
    # a signal ends the first wait, not the sweep
    if kill -0 "$child" 2>/dev/null; then
        exit=0
        wait "$child" || exit=$?
    fi
    child=''
    ((exit == 0 && stopped == 0)) || break
done
write
((exit != 0 || stopped == 0)) || exit=5
exit "$exit"
