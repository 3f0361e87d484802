package org.coinflip.spark.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.spark.report.chart.Chart;

/**
 * A training run as one HTML document: the headline with the test error and its 95 % interval, the curves, which test examples were taken
 * for what, what was measured of them, the stochastic layers, the resolved configuration and the versions.
 *
 * <p>What was not measured is left out, not shown as zero: every key may be absent, and a number that is not finite counts as absent.
 * Whatever the maps hold is text to the document, never markup or script.
 */
public final class TrainingReport {
    private TrainingReport() {}

    /**
     * Writes the report.
     *
     * @param summary what {@code summary.json} holds, and beside it {@code confusion} (test examples of each class, a row, taken for each
     *     class, a column), {@code firingRates} (for each of {@code layers} its units' rates), {@code image} ({@code rows} and {@code
     *     columns} of the examples, 0 where they are no pictures) and {@code mistakes} ({@code id}, {@code label}, {@code predicted},
     *     {@code probability} and {@code features} of test examples, the worst first); not modified
     * @param rounds the lines of {@code metrics.jsonl}, in any order; where a round comes twice, as after a resumption, the later line
     *     counts; not modified
     * @return the document, self-contained
     */
    public static String html(Map<String, Object> summary, List<Map<String, Object>> rounds) {
        Fields run = Fields.of(summary);
        History history = History.of(rounds);
        Layers layers = new Layers(run.list("layers"));
        Map<String, Object> view = new HashMap<>();
        view.put("name", run.text("name").orElse("Training run"));
        run.text("status")
                .map(status -> Status.of(status, run.text("reason").orElse("")))
                .ifPresent(status -> view.put("status", status));
        view.put("subtitle", Headline.subtitle(run));
        view.put("tiles", Headline.tiles(run, history));
        view.put("facts", Headline.facts(run, history));
        Optional<ConfusionMatrix> confusion = ConfusionMatrix.of(run);
        confusion.ifPresent(matrix -> view.put("confusion", matrix));
        List<Picture> mistakes = Picture.ofMistakes(run);
        view.put("mistakes", mistakes);
        view.put("hasMistakes", !mistakes.isEmpty());
        view.put("tested", "test examples");
        view.put("hasTested", confusion.isPresent() || !mistakes.isEmpty());
        Optional<LayerTable> table = LayerTable.of(layers);
        table.ifPresent(rows -> view.put("layers", rows));
        List<Chart> histograms = FiringRates.histograms(run, layers);
        view.put("hasStochastic", table.isPresent() || !histograms.isEmpty());
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        List<Configuration.Version> versions = Configuration.versions(run.section("versions"));
        view.put("versions", versions);
        view.put("hasVersions", !versions.isEmpty());
        return Page.render(
                view,
                Charts.of(history, layers),
                run.section("test").section("measures"),
                run.items("labels"),
                histograms);
    }
}
