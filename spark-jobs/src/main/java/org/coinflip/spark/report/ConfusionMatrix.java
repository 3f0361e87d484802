package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coinflip.spark.report.chart.Numbers;

/**
 * Which classes were taken for which: a row a true class, a column a predicted one. A mistake is shaded by its share of its true class
 * next to the greatest such share, so that a small class's confusions show as plainly as a large one's; what is right stays muted.
 *
 * @param rows none where there are more classes than a table can show
 * @param note what the shades mean and which confusions come most often
 */
record ConfusionMatrix(List<Row> rows, String note) {
    private static final int MOST_CLASSES = 100;
    /** More columns than this are set close, and printed as shades without counts. */
    private static final int MOST_ROOMY = 25;
    /** The style has as many shades: m1 … m8. */
    private static final int SHADES = 8;

    private static final int PAIRS_NAMED = 5;

    /**
     * A true class.
     *
     * @param recall the part of its examples that were taken for it, and the counts behind that
     */
    record Row(String name, List<Cell> cells, String recall, String recallCounts) {}

    /**
     * @param text the count, empty for none
     * @param kind {@code right} on the diagonal, m1 … m8 by share elsewhere, empty for none
     */
    record Cell(String text, String kind) {
        boolean marked() {
            return !kind.isEmpty();
        }
    }

    private record Pair(int label, int predicted, double count) {}

    /** The matrix, or nothing where there is none, it is not square, holds what is no count, or counted nothing. */
    static Optional<ConfusionMatrix> of(Fields run) {
        List<double[]> counts =
                run.items("confusion").stream().map(Fields::numbers).toList();
        boolean square = counts.size() > 1 && counts.stream().allMatch(row -> row.length == counts.size());
        boolean whole = counts.stream().allMatch(ConfusionMatrix::areCounts);
        boolean some = counts.stream().anyMatch(row -> sum(row) > 0);
        return square && whole && some ? Optional.of(of(counts, run.items("labels"))) : Optional.empty();
    }

    /** Whether the columns are set close. */
    boolean dense() {
        return rows.size() > MOST_ROOMY;
    }

    boolean hasRows() {
        return !rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    /** @param labels what classes are called; where they are not as many, classes have their numbers */
    private static ConfusionMatrix of(List<double[]> counts, List<?> labels) {
        int classes = counts.size();
        IntFunction<String> name = label -> String.valueOf(labels.size() == classes ? labels.get(label) : label);
        List<Pair> mistakes = mistakes(counts);
        double greatest = mistakes.stream()
                .mapToDouble(pair -> pair.count / sum(counts.get(pair.label)))
                .max()
                .orElse(0);
        List<Row> rows = classes > MOST_CLASSES
                ? List.of()
                : IntStream.range(0, classes)
                        .mapToObj(label -> row(name.apply(label), label, counts.get(label), greatest))
                        .toList();
        return new ConfusionMatrix(rows, note(mistakes, greatest, classes, name));
    }

    private static List<Pair> mistakes(List<double[]> counts) {
        List<Pair> mistakes = new ArrayList<>();
        for (int label = 0; label < counts.size(); label++) {
            for (int predicted = 0; predicted < counts.size(); predicted++) {
                double count = counts.get(label)[predicted];
                if (label != predicted && count > 0) {
                    mistakes.add(new Pair(label, predicted, count));
                }
            }
        }
        mistakes.sort(Comparator.comparingDouble(Pair::count).reversed());
        return mistakes;
    }

    private static Row row(String name, int label, double[] counts, double greatest) {
        double all = sum(counts);
        List<Cell> cells = new ArrayList<>(counts.length);
        for (int predicted = 0; predicted < counts.length; predicted++) {
            double count = counts[predicted];
            String kind = "";
            if (predicted == label) {
                kind = "right";
            } else if (count > 0) {
                kind = "m" + Math.max(1, Math.round(SHADES * count / all / greatest));
            }
            cells.add(new Cell(count > 0 ? Numbers.count(count) : "", kind));
        }
        return new Row(
                name,
                cells,
                all > 0 ? String.format(Locale.ROOT, "%.1f%%", 100 * counts[label] / all) : "–",
                Numbers.count(counts[label]) + " of " + Numbers.count(all));
    }

    private static String note(List<Pair> mistakes, double greatest, int classes, IntFunction<String> name) {
        if (mistakes.isEmpty()) {
            return "No example was taken for another class.";
        }
        String shades = classes > MOST_CLASSES
                ? "No table: " + Numbers.count(classes) + " classes are more than one can show."
                : "A mistake is shaded by its share of its true class, up to " + Numbers.percent(greatest) + ".";
        return shades
                + mistakes.stream()
                        .limit(PAIRS_NAMED)
                        .map(pair -> name.apply(pair.label) + "\u00a0→\u00a0" + name.apply(pair.predicted) + "\u00a0("
                                + Numbers.count(pair.count) + ")")
                        .collect(Collectors.joining(", ", " Most often: ", "."));
    }

    private static boolean areCounts(double[] row) {
        for (double count : row) {
            if (!(count >= 0 && count == Math.rint(count) && Double.isFinite(count))) {
                return false;
            }
        }
        return true;
    }

    private static double sum(double[] row) {
        double sum = 0;
        for (double count : row) {
            sum += count;
        }
        return sum;
    }
}
