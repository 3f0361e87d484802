package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coinflip.model.training.Settling;
import org.coinflip.spark.report.chart.Chart;
import org.coinflip.spark.report.chart.Chart.Style;
import org.coinflip.spark.report.chart.Curve;

/** The charts of a run; one that would show nothing is left out. */
final class Charts {

    private final History history;

    private Charts(History history) {
        this.history = history;
    }

    static List<Chart> of(History history, Layers layers) {
        Charts charts = new Charts(history);
        return Stream.of(
                        charts.returns(),
                        charts.episodeLength(),
                        charts.reuse(),
                        charts.loss(),
                        charts.error(),
                        charts.watched(),
                        charts.learningRate(),
                        charts.layers("Firing rate", "fraction of units that fire", "firingRate", Style.LINES, layers),
                        charts.layers("Gradient variance", "variance", "gradientVariance", Style.LOGARITHMIC, layers),
                        charts.layers("Signal to noise", "of one estimate", "signalToNoise", Style.LOGARITHMIC, layers),
                        charts.layers("Cosine to the gradient", "cosine", "cosine", Style.LINES, layers),
                        charts.layers(
                                "Noise of a step that is the coins'",
                                "part of its variance; the rest is the examples'",
                                "partOfCoins",
                                Style.LINES,
                                layers),
                        charts.candidates(layers),
                        charts.layers("Residual of the free phase", "|∂E/∂s|", "residual", Style.LOGARITHMIC, layers),
                        charts.layers(
                                "Of another class when settled",
                                "part, after " + Settling.LONGER + " times the steps",
                                "changedLater",
                                Style.LINES,
                                layers),
                        charts.throughput(),
                        charts.phases())
                .map(Chart::withoutEmptyCurves)
                .filter(chart -> !chart.curves().isEmpty())
                .map(Chart::thinned)
                .toList();
    }

    private Chart returns() {
        return overEpochs(
                "Return",
                "mean sum of an episode's rewards",
                Style.LINES,
                List.of(
                        curve("training", false, round -> round.number("meanReturn")),
                        curve("validation", true, round -> round.section("valid")
                                .number("meanReturn"))));
    }

    private Chart episodeLength() {
        Curve length = curve("training", false, round -> round.number("meanLength"));
        return overEpochs("Episode length", "mean steps an episode", Style.LINES, List.of(length));
    }

    private Chart reuse() {
        return overEpochs(
                "Steps on the same episodes",
                "all but a round's first",
                Style.LINES,
                List.of(
                        curve("mean ratio", false, round -> round.number("meanRatio")),
                        curve("mean log ratio", false, round -> round.number("meanLogRatio")),
                        curve("clipped fraction", false, round -> round.number("clippedFraction"))));
    }

    private Chart loss() {
        return overEpochs(
                "Loss",
                "mean loss per example",
                Style.LINES,
                List.of(
                        curve("training", false, round -> round.number("trainLoss")),
                        curve("validation", true, round -> round.section("valid")
                                .number("loss"))));
    }

    private Chart error() {
        Curve error = curve(
                "validation", true, round -> times(100, round.section("valid").number("error")));
        return overEpochs("Validation error", "classified wrongly (%)", Style.LINES, List.of(error));
    }

    /** What looks were compared by, where that was measured for it. */
    private Chart watched() {
        Function<Fields, Fields> measures = round -> round.section("valid").section("measures");
        return history.rounds().stream()
                .flatMap(round -> measures.apply(round).values().keySet().stream())
                .map(String::valueOf)
                .findFirst()
                .map(key -> overEpochs(
                        "Watched measure", key, Style.LINES, List.of(curve("validation", true, round -> measures.apply(
                                        round)
                                .number(key)))))
                .orElseGet(() -> overEpochs("", "", Style.LINES, List.of()));
    }

    /** Only where it changes: a constant is told by the configuration. */
    private Chart learningRate() {
        Curve rate = curve("learning rate", false, round -> round.number("learningRate"));
        boolean changes = rate.y().stream().filter(Double::isFinite).distinct().count() > 1;
        return overEpochs("Learning rate", "learning rate", Style.LINES, changes ? List.of(rate) : List.of());
    }

    private Chart layers(String title, String yLabel, String key, Style style, Layers layers) {
        List<Curve> curves = Layers.namesIn(history).stream()
                .map(name -> curve(
                        layers.label(name), true, round -> layer(round, name).number(key)))
                .toList();
        return overEpochs(title, yLabel, style, curves);
    }

    /** What a round says of a layer; nothing where it says nothing. */
    private static Fields layer(Fields round, String name) {
        return round.list("layers").stream()
                .filter(layer -> layer.text("layer").filter(name::equals).isPresent())
                .findFirst()
                .orElse(Fields.of(null));
    }

    /** What the estimators were worth that a layer's was chosen from. */
    private Chart candidates(Layers layers) {
        List<Curve> curves = new ArrayList<>();
        for (String name : Layers.namesIn(history)) {
            Function<Fields, Fields> scores = round -> layer(round, name).section("candidates");
            history.rounds().stream()
                    .flatMap(round -> scores.apply(round).values().keySet().stream())
                    .map(String::valueOf)
                    .distinct()
                    .forEach(candidate ->
                            curves.add(curve(layers.label(name) + ": " + candidate, true, round -> scores.apply(round)
                                    .number(candidate))));
        }
        return overEpochs(
                "Estimators to choose from", "part of the steepest descent, for its cost", Style.LOGARITHMIC, curves);
    }

    private Chart throughput() {
        Curve speed = curve("training", false, round -> round.number("examplesPerSecond"));
        return new Chart("Throughput", "", history.byRound(), "examples per second", Style.LINES, List.of(speed));
    }

    /**
     * The parts of a task slot's time, which add up to the round's: idle is waiting for the slowest, driver is what no slot computes in.
     */
    private Chart phases() {
        List<Curve> curves =
                List.of(phase("broadcast"), phase("compute"), phase("combine"), phase("driver"), phase("idle"));
        return new Chart(
                "Where a round's time goes",
                shares(curves),
                history.byRound(),
                "milliseconds per round",
                Style.STACKED,
                curves);
    }

    private Curve phase(String name) {
        return curve(name, false, round -> round.section("phases").number(name + "Millis"));
    }

    private static String shares(List<Curve> phases) {
        double all = phases.stream().mapToDouble(Charts::sum).sum();
        return all > 0
                ? phases.stream()
                        .filter(phase -> !phase.isEmpty())
                        .map(phase -> String.format(Locale.ROOT, "%s %.1f%%", phase.label(), 100 * sum(phase) / all))
                        .collect(Collectors.joining(", ", "Over the run: ", "."))
                : "";
    }

    private static double sum(Curve curve) {
        return curve.y().stream()
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private Chart overEpochs(String title, String yLabel, Style style, List<Curve> curves) {
        return new Chart(title, "", history.byEpoch(), yLabel, style, curves);
    }

    private Curve curve(String label, boolean sparse, Function<Fields, OptionalDouble> value) {
        return new Curve(label, sparse, history.column(value));
    }

    private static OptionalDouble times(double factor, OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(factor * value.getAsDouble()) : value;
    }
}
