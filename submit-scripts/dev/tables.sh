#!/usr/bin/env bash
# tables.sh FOLDER: writes the tables of conf/tables/ as CSV: iris, wine, breast-cancer and diabetes (classes, and values) out of scikit-learn (python3, or PYTHON), votes, pima and soybean out of R's
# package mlbench (Debian: r-base-core, r-cran-mlbench). Nothing is fetched. Then: train.sh --conf conf/tables/iris.conf data.path=FOLDER/iris.csv
set -euo pipefail
(($# == 1)) || { echo "tables.sh: got $# arguments, expected one: the folder to write to" >&2; exit 2; }
mkdir -p "$1"

"${PYTHON:-python3}" - "$1" <<'PYTHON'
import csv, sys
from sklearn import datasets

def write(name, columns, rows):
    with open(f"{sys.argv[1]}/{name}.csv", "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])

for name, label in (("iris", "species"), ("wine", "cultivar"), ("breast_cancer", "diagnosis")):
    table = getattr(datasets, "load_" + name)()
    labels = [table.target_names[target] for target in table.target]
    rows = [[*map(repr, map(float, x)), y] for x, y in zip(table.data, labels)]
    write(name.replace("_", "-"), [*table.feature_names, label], rows)

table = datasets.load_diabetes(scaled=False)
median = sorted(table.target)[len(table.target) // 2]
rows = [[*map(repr, map(float, x)), "high" if y > median else "low"] for x, y in zip(table.data, table.target)]
write("diabetes", [*table.feature_names, "progression"], rows)
rows = [[*map(repr, map(float, x)), float(y)] for x, y in zip(table.data, table.target)]
write("diabetes-values", [*table.feature_names, "progression"], rows)
PYTHON

Rscript --vanilla - "$1" <<'R'
library(mlbench)
for (table in list(c("HouseVotes84", "votes"), c("PimaIndiansDiabetes2", "pima"), c("Soybean", "soybean"))) {
    data(list = table[1])
    write.csv(get(table[1]), file.path(commandArgs(TRUE)[1], paste0(table[2], ".csv")), row.names = FALSE, quote = FALSE)
}
R
