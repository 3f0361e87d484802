package org.coinflip.spark.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coinflip.model.explanation.ExplainedLayer;
import org.coinflip.model.explanation.ExplainedRow;

/** An explanation in a few lines. */
final class ExplanationText {
    private static final int NAMED = 5;

    private ExplanationText() {}

    static String title(Sighting seen) {
        return "Example " + seen.example() + " in epoch " + seen.where().get("epoch");
    }

    /** What is printed. */
    static List<String> lines(Sighting seen) {
        List<String> lines = new ArrayList<>();
        String step = seen.where().containsKey("step")
                ? ", step " + seen.where().get("step") + " of " + seen.where().get("steps") + ", worker "
                        + seen.where().get("worker")
                : "";
        String draw = seen.explanation().draw() == 0
                ? ""
                : ", draw " + seen.explanation().draw();
        lines.add(title(seen).replaceFirst("E", "e") + step + draw + ": " + outcome(seen));
        lines.add((seen.exact() ? "what training had, to the bit: " : "parameters: ") + seen.parameters());
        for (ExplainedLayer layer : seen.explanation().layers()) {
            lines.add("layer " + layer.layer() + ", " + describe(layer) + ": "
                    + String.format(Locale.ROOT, "%,d of %,d units on", layer.unitsOn(), layer.units())
                    + (layer.rows().size() == 1 ? "" : ", " + layer.rows().size() + " rows")
                    + "; largest gradients: "
                    + largest(layer.rows().get(0), NAMED).stream()
                            .map(j -> unit(layer.rows().get(0), j))
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    /** Loss, label and predicted class. */
    static String outcome(Sighting seen) {
        String loss = String.format(Locale.ROOT, "loss %.4f", seen.explanation().loss());
        if (!seen.isOfClasses() || seen.explanation().label() < 0) {
            return loss;
        }
        int predicted = seen.predicted();
        return loss
                + String.format(
                        Locale.ROOT,
                        ", label %s, predicted %s (p %.3f)",
                        seen.called(seen.explanation().label()),
                        seen.called(predicted),
                        seen.prediction()[predicted]);
    }

    /** Law and estimator. */
    static String describe(ExplainedLayer layer) {
        return layer.specification().law().write().get("type") + " by "
                + layer.specification().estimator().write().get("type");
    }

    /** The units with the largest gradients, the largest first. */
    static List<Integer> largest(ExplainedRow row, int most) {
        return IntStream.range(0, row.gradient().length)
                .boxed()
                .sorted((i, j) -> Float.compare(Math.abs(row.gradient()[j]), Math.abs(row.gradient()[i])))
                .limit(most)
                .toList();
    }

    private static String unit(ExplainedRow row, int j) {
        Optional<float[]> p = row.probabilities();
        float value = row.samples().get(0).values()[j];
        String coin = value == 0 ? "off" : value == 1 ? "on" : String.format(Locale.ROOT, "h %.3g", value);
        return String.format(
                Locale.ROOT,
                "%d %+.3g (%s%s)",
                j,
                row.gradient()[j],
                p.isPresent() ? String.format(Locale.ROOT, "p %.3f, ", p.get()[j]) : "",
                coin);
    }
}
