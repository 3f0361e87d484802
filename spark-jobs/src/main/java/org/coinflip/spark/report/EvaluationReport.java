package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.spark.report.chart.Numbers;

/**
 * An evaluation as one HTML document: error with its 95 % interval, measures with their curves, confusions, classes, layers, configuration and versions.
 * What was not measured is left out; whatever the summary holds is text to the document.
 */
public final class EvaluationReport {
    private EvaluationReport() {}

    /**
     * Writes the report.
     *
     * @param summary what {@code summary.json} holds; not modified
     * @param title of the page
     * @param examples what was evaluated on, in a few words
     */
    public static String html(Map<String, Object> summary, String title, String examples) {
        Fields run = Fields.of(summary);
        Map<String, Object> view = new HashMap<>();
        view.put("name", title);
        run.text("status")
                .map(status -> Status.of(status, run.text("reason").orElse("")))
                .ifPresent(status -> view.put("status", status));
        view.put("subtitle", Headline.subtitle(run) + " · " + examples);
        List<Headline.Tile> tiles = new ArrayList<>();
        Headline.error("Error", run, "").ifPresent(tiles::add);
        Headline.loss("Loss", run).ifPresent(tiles::add);
        run.number("squaredError")
                .ifPresent(error -> tiles.add(new Headline.Tile("Squared error", Numbers.figure(error), "")));
        run.number("wallSeconds")
                .ifPresent(seconds -> tiles.add(new Headline.Tile("Wall time", Numbers.duration(seconds), "")));
        run.number("examplesPerSecond")
                .ifPresent(rate -> tiles.add(new Headline.Tile("Examples per second", Numbers.count(rate), "")));
        view.put("tiles", tiles);
        view.put("facts", Headline.facts(run, History.of(List.of())));
        Optional<ConfusionMatrix> confusion = ConfusionMatrix.of(run);
        confusion.ifPresent(matrix -> view.put("confusion", matrix));
        view.put("hasMistakes", false);
        view.put("hasTested", confusion.isPresent());
        view.put("tested", "examples");
        LayerTable.of(new Layers(run.list("layers"))).ifPresent(rows -> view.put("layers", rows));
        view.put("hasStochastic", view.containsKey("layers"));
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        List<Configuration.Version> versions = Configuration.versions(run.section("versions"));
        view.put("versions", versions);
        view.put("hasVersions", !versions.isEmpty());
        return Page.render(view, List.of(), run.section("measures"), run.items("labels"), List.of());
    }
}
