package org.coinflip.data;

/** Keys that sections are fuzzed with, right and wrong ones. */
final class SectionKeys {
    private SectionKeys() {}

    static final String[] ANY = {
        "classes = 2",
        "classes = 3",
        "classes = 1048576",
        "classes = 1",
        "split { seed = -9223372036854775808 }",
        "split { stratified = true }",
        "split { folds = 5, fold = 2 }",
        "split { folds = 1000, fold = 999 }",
        "split { train = 1, valid = 1 }",
        "split { test = 1 }",
        "split { train = 2147483647 }",
        "split { valid = 2147483647 }",
        "split { valid = 0 }",
        "scale = standard",
        "scale = none",
        "scale = unit",
        "binarise = bernoulli",
        "binarise = threshold",
        "project { type = pca, components = 2 }",
        "project = rotation"
    };

    static final String[] OF_LIBSVM = {"features = 7", "features = 100000", "features = 1", "labelled = false"};

    static final String[] OF_TABLES = {
        "label-column = last",
        "label-column = none",
        "label-column = 0",
        "label-column = 99",
        "label-column = \"\"",
        "label-column = size",
        "label-type = names",
        "label-type = values",
        "label-type = values, label-column = size, leave-out = [id, when, part, weight, kind]",
        "label-type = numbers",
        "header = false",
        "delimiter = \";\"",
        "delimiter = \"\\t\"",
        "delimiter = \"\\n\"",
        "delimiter = \"\\r\"",
        "delimiter = \"\\\"\"",
        "delimiter = \" \"",
        "delimiter = \"e\"",
        "delimiter = \"\\u0000\"",
        "delimiter = \"é\"",
        "delimiter = \"1\"",
        "holes = refuse",
        "holes = median",
        "holes { type = constant, value = 1e38, mark = true }",
        "holes { type = mean, mark = true }",
        "hole-values = [\"0\"]",
        "hole-values = [a]",
        "categories = []",
        "categories = [kind]",
        "categories = [colour, size]",
        "categories = [nothing]",
        "buckets = 1",
        "buckets = 1000",
        "id-column = id",
        "id-column = size",
        "id-column = colour",
        "weight-column = weight",
        "weight-column = size",
        "weight-column = kind",
        "leave-out = []",
        "leave-out = [colour]",
        "split { column = part }",
        "split { group = colour }",
        "split { group = part, folds = 3, fold = 1 }",
        "split { time = when }",
        "split { time = size, test = 3 }",
        "split { time = colour }"
    };
}
