package org.coinflip.spark.report;

import java.util.List;
import java.util.Optional;

/** The stochastic layers as the summary tells them. */
record Layers(List<Fields> all) {
    /** What to call a layer in a legend: its name, and its law where the summary knows it. */
    String label(String layer) {
        String name = layer.chars().allMatch(Character::isDigit) ? "layer " + layer : layer;
        return all.stream()
                .filter(fields -> fields.text("layer").equals(Optional.of(layer)))
                .findFirst()
                .flatMap(fields -> fields.text("law"))
                .map(law -> name + " (" + law + ")")
                .orElse(name);
    }

    /** The names of the layers that some round tells of, in the order in which they come first. */
    static List<String> namesIn(History history) {
        return history.rounds().stream()
                .flatMap(round -> round.list("layers").stream())
                .flatMap(layer -> layer.text("layer").stream())
                .distinct()
                .toList();
    }
}
