package org.coinflip.spark.report;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.coinflip.model.training.Settling;
import org.coinflip.spark.report.chart.Numbers;

/** The table of the stochastic layers: one row a layer, and those columns for which some layer has a value. */
record LayerTable(List<Cell> headings, List<Row> rows) {
    private static final List<Column> COLUMNS = List.of(
            text("Layer", "layer"),
            text("Law", "law"),
            text("Estimator", "estimator"),
            number("Units", "units", Numbers::count),
            number("Firing rate", "firingRate", Numbers::figure),
            number("Gradient variance", "gradientVariance", Numbers::figure),
            number("Signal to noise", "signalToNoise", Numbers::figure),
            number("Cosine to the gradient", "cosine", Numbers::figure),
            number("Signal of a step", "stepSignal", Numbers::figure),
            number("Its variance by examples", "stepVarianceOfData", Numbers::figure),
            number("Its variance by coins", "stepVarianceOfCoins", Numbers::figure),
            number("Dead units", "deadUnits", Numbers::count),
            number("Saturated units", "saturatedUnits", Numbers::count),
            number("Steps", "steps", Numbers::count),
            number("Energy", "energy", Numbers::figure),
            number("Residual", "residual", Numbers::figure),
            number("Of another class after " + Settling.LONGER + " times the steps", "changedLater", Numbers::figure),
            number("Active fraction", "activeFraction", Numbers::figure),
            number("Multiply-adds done", "multiplyAddsDone", Numbers::figure),
            number("Multiply-adds saved", "multiplyAddsSaved", Numbers::figure),
            number("Step, ms", "stepMillis", Numbers::figure),
            number("Step with all computed, ms", "denseStepMillis", Numbers::figure));

    /**
     * @param kind {@code text} or {@code number}, which is set to the right
     */
    record Cell(String text, String kind) {}

    record Row(List<Cell> cells) {}

    private record Column(String heading, String kind, Function<Fields, Optional<String>> value) {
        private boolean knownIn(List<Fields> layers) {
            return layers.stream().anyMatch(layer -> value.apply(layer).isPresent());
        }

        private Cell cell(Fields layer) {
            return new Cell(value.apply(layer).orElse("–"), kind);
        }
    }

    /** The table, or nothing where nothing is known of any layer. */
    static Optional<LayerTable> of(Layers layers) {
        List<Column> known =
                COLUMNS.stream().filter(column -> column.knownIn(layers.all())).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        List<Row> rows = layers.all().stream()
                .map(layer ->
                        new Row(known.stream().map(column -> column.cell(layer)).toList()))
                .toList();
        return Optional.of(new LayerTable(
                known.stream()
                        .map(column -> new Cell(column.heading, column.kind))
                        .toList(),
                rows));
    }

    private static Column text(String heading, String key) {
        return new Column(heading, "text", layer -> layer.text(key));
    }

    private static Column number(String heading, String key, DoubleFunction<String> format) {
        return new Column(heading, "number", layer -> layer.number(key).stream()
                .mapToObj(format)
                .findFirst());
    }
}
