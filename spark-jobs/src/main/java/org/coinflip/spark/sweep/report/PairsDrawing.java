package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.report.chart.Numbers;
import org.coinflip.spark.sweep.result.SweepResult;

/**
 * The result at a rung over two axes, a cell for each pair of options or of bins with the median of its trials. Pairs are those that explain
 * most together, and the two axes that explain most alone.
 */
final class PairsDrawing {
    private static final int BINS = 5;
    private static final int MORE_BINS = 8;
    private static final int TRIALS_FOR_MORE = 400;
    /** More options than this are no table to look at. */
    private static final int MOST_OPTIONS = 40;
    /** Degrees of colour; the best cell has the highest. */
    private static final int DEGREES = 8;

    private record Pair(String one, String other, String says) {}

    private final Reached reached;
    private final SweepResult result;
    private final int bins;

    private PairsDrawing(Reached reached, SweepResult result) {
        this.reached = reached;
        this.result = result;
        this.bins = reached.entries().size() >= TRIALS_FOR_MORE ? MORE_BINS : BINS;
    }

    /** The data of the pictures, the strongest pair first; empty where no two axes are known to matter. */
    static List<Map<String, Object>> of(Reached reached, SweepResult result) {
        PairsDrawing drawing = new PairsDrawing(reached, result);
        return drawing.pairs().stream()
                .map(drawing::pair)
                .filter(keys -> !keys.isEmpty())
                .toList();
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        result.interactions()
                .forEach(pair -> pairs.add(new Pair(
                        pair.axis(),
                        pair.other(),
                        "Together they explain " + Numbers.percent(pair.share())
                                + " of the variance of ranks beyond what each explains alone.")));
        if (result.importance().size() >= 2) {
            String first = result.importance().get(0).axis();
            String second = result.importance().get(1).axis();
            boolean there = pairs.stream()
                    .anyMatch(pair -> List.of(pair.one, pair.other).containsAll(List.of(first, second)));
            if (!there) {
                pairs.add(new Pair(first, second, "These two explain most alone."));
            }
        }
        return pairs;
    }

    private Map<String, Object> pair(Pair pair) {
        List<Reached.Entry> both = reached.entries().stream()
                .filter(entry -> entry.hasValue()
                        && entry.row().values().get(pair.one) != null
                        && entry.row().values().get(pair.other) != null)
                .toList();
        AxisScale one = scale(pair.one, both);
        AxisScale other = scale(pair.other, both);
        boolean turned = one.groups(bins) > other.groups(bins);
        AxisScale across = turned ? other : one;
        AxisScale down = turned ? one : other;
        if (both.isEmpty() || down.groups(bins) > MOST_OPTIONS) {
            return Map.of();
        }
        String columnAxis = turned ? pair.other : pair.one;
        String rowAxis = turned ? pair.one : pair.other;
        List<List<Double>> cells = new ArrayList<>();
        int width = across.groups(bins);
        for (int i = 0; i < width * down.groups(bins); i++) {
            cells.add(new ArrayList<>());
        }
        both.forEach(entry -> cells.get(down.group(entry.row().values().get(rowAxis), bins) * width
                        + across.group(entry.row().values().get(columnAxis), bins))
                .add(entry.value()));
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("columns", columnAxis);
        keys.put("rows", rowAxis);
        keys.put("columnLabels", across.labels(bins));
        keys.put("rowLabels", down.labels(bins));
        keys.put("says", pair.says);
        keys.put("trials", both.size());
        keys.put("cells", cells(cells));
        return keys;
    }

    private AxisScale scale(String axis, List<Reached.Entry> entries) {
        return AxisScale.of(
                entries.stream().map(entry -> entry.row().values().get(axis)).toList(),
                result.logarithmic().contains(axis));
    }

    /** Of each cell its median, the number of its trials and its degree, by the order of the medians; null of an empty one. */
    private List<List<Object>> cells(List<List<Double>> cells) {
        List<Double> medians = cells.stream()
                .filter(cell -> !cell.isEmpty())
                .map(SlicesDrawing::median)
                .distinct()
                .sorted(result.maximised() ? Comparator.naturalOrder() : Comparator.reverseOrder())
                .toList();
        List<List<Object>> drawn = new ArrayList<>();
        for (List<Double> cell : cells) {
            if (cell.isEmpty()) {
                drawn.add(null);
                continue;
            }
            double median = SlicesDrawing.median(cell);
            int degree =
                    medians.size() == 1 ? DEGREES : 1 + medians.indexOf(median) * (DEGREES - 1) / (medians.size() - 1);
            drawn.add(List.of(Rounded.of(median), cell.size(), degree));
        }
        return drawn;
    }
}
