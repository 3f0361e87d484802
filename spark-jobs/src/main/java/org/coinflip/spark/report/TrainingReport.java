package org.coinflip.spark.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A training run as one HTML document: the headline with the test error and its 95 % interval, the curves, the stochastic layers, the
 * resolved configuration and the versions.
 *
 * <p>What was not measured is left out, not shown as nought: every key may be absent, and a number that is not finite counts as absent.
 * Whatever the maps hold is text to the document, never markup or script.
 */
public final class TrainingReport {
    private TrainingReport() {}

    /**
     * Writes the report.
     *
     * @param summary what {@code summary.json} holds; not modified
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
        LayerTable.of(layers).ifPresent(table -> view.put("layers", table));
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        List<Configuration.Version> versions = Configuration.versions(run.section("versions"));
        view.put("versions", versions);
        view.put("hasVersions", !versions.isEmpty());
        return Page.render(view, Charts.of(history, layers));
    }
}
