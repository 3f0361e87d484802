package org.coinflip.spark.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.coinflip.model.explanation.ExplainedLayer;
import org.coinflip.model.explanation.ExplainedRow;
import org.coinflip.model.explanation.ExplainedSample;
import org.coinflip.model.explanation.Moments;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.report.UnitStrips;
import org.coinflip.spark.report.chart.Numbers;

/** The page of an explanation: for each layer strips of its units (probability, uniform number, sample, gradient, reference) and a table of those with the largest gradients. */
final class ExplanationPage {
    private static final int LISTED = 12;
    private static final String NONE = "–";

    private ExplanationPage() {}

    static String html(Map<String, Object> document, Sighting seen) {
        StudyReport report = new StudyReport();
        report.tile("Loss", Numbers.figure(seen.explanation().loss()), "of this example under these coins");
        report.tile(
                "Mean loss",
                Numbers.figure(seen.explanation().meanLoss()),
                "of the batch, " + seen.explanation().batch()
                        + (seen.explanation().batch() == 1 ? " example" : " examples"));
        if (seen.isOfClasses() && seen.explanation().label() >= 0) {
            report.tile("Label", String.valueOf(seen.called(seen.explanation().label())), "");
            int predicted = seen.predicted();
            report.tile(
                    "Predicted",
                    String.valueOf(seen.called(predicted)),
                    String.format(Locale.ROOT, "p %.3f, as the network is evaluated", seen.prediction()[predicted]));
        }
        report.tile("Step", seen.exact() ? "as taken" : "not as taken", seen.parameters());
        for (ExplainedLayer layer : seen.explanation().layers()) {
            add(report, layer);
        }
        return report.html(document);
    }

    private static void add(StudyReport report, ExplainedLayer layer) {
        ExplainedRow row = layer.rows().get(0);
        String title = "Layer " + layer.layer() + ": " + ExplanationText.describe(layer);
        String rows =
                layer.rows().size() == 1 ? "" : " The first of " + layer.rows().size() + " rows.";
        UnitStrips strips = new UnitStrips(
                title,
                layer.unitsOn() + " of " + layer.units() + " units on. The estimate is "
                        + layer.specification().estimator().claims().formula() + "." + rows,
                layer.units());
        row.probabilities().ifPresent(p -> strips.fractions("p", j -> p[j]));
        for (int s = 0; s < row.samples().size(); s++) {
            ExplainedSample sample = row.samples().get(s);
            String number = row.samples().size() == 1 ? "" : " " + s;
            sample.uniforms().ifPresent(u -> strips.fractions("u" + number, j -> u[j]));
            strips.signed("h" + number, j -> sample.values()[j]);
        }
        strips.signed("gradient", j -> row.gradient()[j]);
        row.moments().ifPresent(moments -> {
            strips.signed("its mean", j -> moments.mean()[j]);
            moments.reference().ifPresent(reference -> strips.signed("reference", j -> reference[j]));
        });
        report.strips(strips);
        report.table(
                title + ", largest gradients",
                note(row),
                List.of(
                        "unit",
                        "logit",
                        "p",
                        "u",
                        "h",
                        "loss − baseline",
                        "∂L/∂h",
                        "gradient",
                        "mean ± deviation",
                        "reference ± error"),
                ExplanationText.largest(row, LISTED).stream()
                        .map(j -> cells(row, j))
                        .toList());
    }

    private static String note(ExplainedRow row) {
        return row.moments()
                .map(moments -> "Mean and deviation are of the same estimator over " + moments.draws()
                        + " other draws of this layer and those above, given what the layers below gave; the reference is"
                        + " unbiased. Gradient less mean is the noise of these coins, mean less reference the bias.")
                .orElse("");
    }

    private static List<String> cells(ExplainedRow row, int j) {
        ExplainedSample first = row.samples().get(0);
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(j));
        cells.add(figure(row.logits()[j]));
        cells.add(row.probabilities().map(p -> figure(p[j])).orElse(NONE));
        cells.add(all(row, sample -> sample.uniforms().map(u -> figure(u[j])).orElse(NONE)));
        cells.add(all(row, sample -> figure(sample.values()[j])));
        cells.add(
                first.baselines().isEmpty()
                        ? NONE
                        : all(
                                row,
                                sample -> figure(
                                        sample.loss() - sample.baselines().orElseThrow()[j])));
        cells.add(
                first.upstream().isEmpty()
                        ? NONE
                        : all(row, sample -> figure(sample.upstream().orElseThrow()[j])));
        cells.add(figure(row.gradient()[j]));
        cells.add(row.moments()
                .map(moments -> pair(i -> moments.mean()[i], i -> moments.deviation()[i], j))
                .orElse(NONE));
        cells.add(row.moments()
                .filter(moments -> moments.reference().isPresent())
                .map(moments -> reference(moments, j))
                .orElse(NONE));
        return cells;
    }

    private static String reference(Moments moments, int j) {
        return pair(
                i -> moments.reference().orElseThrow()[i],
                i -> moments.referenceError().orElseThrow()[i],
                j);
    }

    private static String pair(IntToDoubleFunction value, IntToDoubleFunction spread, int j) {
        return figure(value.applyAsDouble(j)) + " ± " + figure(spread.applyAsDouble(j));
    }

    private static String all(ExplainedRow row, Function<ExplainedSample, String> text) {
        return String.join(" ", row.samples().stream().map(text).toList());
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1000
                ? String.valueOf((int) value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
