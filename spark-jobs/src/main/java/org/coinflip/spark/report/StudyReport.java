package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.report.chart.Abscissa;
import org.coinflip.spark.report.chart.Chart;
import org.coinflip.spark.report.chart.Curve;
import org.coinflip.spark.report.chart.Numbers;

/**
 * A study as one HTML document: tiles, tables and charts in the order given, the resolved configuration and the versions. Whatever its
 * texts hold is text to the document.
 */
public final class StudyReport {
    private final List<Headline.Tile> tiles = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Chart> charts = new ArrayList<>();
    private final List<UnitStrips> strips = new ArrayList<>();

    /**
     * What a chart's axes are.
     *
     * @param logarithmic whether y is drawn so at first
     */
    public record Axes(String x, String y, boolean logarithmic) {}

    /**
     * One curve of a chart.
     *
     * @param y one value at each x, NaN where there is none
     * @param errors half-lengths of error bars, one for each value, or none
     */
    public record Line(String label, List<Double> y, List<Double> errors) {}

    record Table(String title, String note, List<String> headings, List<List<String>> rows) {}

    /** A number and what it is. */
    public void tile(String label, String value, String detail) {
        tiles.add(new Headline.Tile(label, value, detail));
    }

    /** A table of texts. */
    public void table(String title, String note, List<String> headings, List<List<String>> rows) {
        tables.add(new Table(title, note, headings, rows));
    }

    /** Strips of a layer's units; they come before the tables. */
    public void strips(UnitStrips ofLayer) {
        strips.add(ofLayer);
    }

    /** A chart; one without a value is left out. */
    public void chart(String title, String note, Axes axes, List<Double> x, List<Line> lines) {
        List<Curve> curves = lines.stream()
                .map(line -> new Curve(line.label, true, line.y, line.errors))
                .toList();
        Chart chart = new Chart(
                        title,
                        note,
                        new Abscissa(axes.x, x),
                        axes.y,
                        axes.logarithmic ? Chart.Style.LOGARITHMIC : Chart.Style.LINES,
                        curves)
                .withoutEmptyCurves();
        if (!chart.curves().isEmpty()) {
            charts.add(chart);
        }
    }

    /**
     * Writes the document.
     *
     * @param summary what {@code summary.json} holds
     */
    public String html(Map<String, Object> summary) {
        Fields run = Fields.of(summary);
        Map<String, Object> view = new HashMap<>();
        view.put("name", run.text("name").orElse("Study"));
        run.text("status")
                .map(status -> Status.of(status, run.text("reason").orElse("")))
                .ifPresent(status -> view.put("status", status));
        view.put("subtitle", Headline.subtitle(run));
        List<Headline.Tile> all = new ArrayList<>(tiles);
        run.number("wallSeconds")
                .ifPresent(seconds -> all.add(new Headline.Tile("Wall time", Numbers.duration(seconds), "")));
        view.put("tiles", all);
        view.put("facts", List.of());
        view.put("unitStrips", strips);
        view.put("tables", tables);
        view.put("hasTested", false);
        view.put("hasStochastic", false);
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        List<Configuration.Version> versions = Configuration.versions(run.section("versions"));
        view.put("versions", versions);
        view.put("hasVersions", !versions.isEmpty());
        return Page.render(view, charts, Fields.of(null), List.of(), List.of());
    }
}
