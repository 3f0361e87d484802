package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.coinflip.spark.report.chart.Numbers;

/** The table of {@code measures.perClass}: a row a class. */
record ClassTable(List<String> headings, List<Row> rows, String note) {
    private static final int MOST_CLASSES = 200;
    private static final List<String> RATES = List.of("precision", "recall", "f1", "auc", "averagePrecision");

    record Row(String name, List<String> values) {}

    /**
     * The table, or nothing where there are no classes.
     *
     * @param labels what the classes are called, in their order; empty for their numbers
     */
    static Optional<ClassTable> of(Fields measures, List<?> labels) {
        List<Fields> classes = measures.list("perClass");
        if (classes.isEmpty()) {
            return Optional.empty();
        }
        List<Row> rows = new ArrayList<>();
        for (int c = 0; c < Math.min(MOST_CLASSES, classes.size()); c++) {
            Fields one = classes.get(c);
            List<String> values = Stream.concat(
                            Stream.of("examples", "predicted")
                                    .map(key -> one.number(key).stream().mapToObj(Numbers::count)),
                            RATES.stream().map(key -> one.number(key).stream().mapToObj(MeasureTable::figure)))
                    .map(value -> value.findFirst().orElse("–"))
                    .toList();
            rows.add(new Row(c < labels.size() ? String.valueOf(labels.get(c)) : String.valueOf(c), values));
        }
        return Optional.of(new ClassTable(
                List.of("Examples", "Predicted", "Precision", "Recall", "F1", "AUC", "Average precision"),
                rows,
                classes.size() > MOST_CLASSES
                        ? "The first " + MOST_CLASSES + " of " + Numbers.count(classes.size()) + " classes."
                        : ""));
    }
}
