package org.coinflip.spark.comparison;

import java.util.LinkedHashSet;
import java.util.List;
import org.coinflip.model.settings.Section;

/**
 * What is compared.
 *
 * @param name for people
 * @param runs folders of trainings, at least two
 * @param output folder for the page
 * @param overwrite whether an output that exists is replaced
 */
public record ComparisonSpec(String name, List<String> runs, String output, boolean overwrite) {
    /** Reads and checks all keys. */
    public static ComparisonSpec read(Section root) {
        ComparisonSpec spec = new ComparisonSpec(
                root.text("name", "comparison"),
                List.copyOf(new LinkedHashSet<>(root.texts("runs", List.of()))),
                root.text("output", "out/comparison"),
                root.flag("overwrite", false));
        if (spec.runs.size() < 2) {
            throw root.wrong("runs", "the folders of two trainings or more, such as runs=[out/a, out/b]");
        }
        root.finish();
        return spec;
    }
}
