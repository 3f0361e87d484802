package org.coinflip.spark.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.spark.report.chart.Abscissa;

/** The rounds of a run in order, each once. */
final class History {
    private final List<Fields> rounds;
    private final List<Double> numbers;

    private History(SortedMap<Double, Fields> byNumber) {
        rounds = List.copyOf(byNumber.values());
        numbers = List.copyOf(byNumber.keySet());
    }

    /** Orders the lines by round; a line that does not say its round stands for its place in the list, counted from 1. */
    static History of(List<Map<String, Object>> lines) {
        SortedMap<Double, Fields> byNumber = new TreeMap<>();
        for (int line = 0; line < lines.size(); line++) {
            Fields round = Fields.of(lines.get(line));
            if (!round.values().isEmpty()) {
                byNumber.put(round.number("round").orElse(line + 1), round);
            }
        }
        return new History(byNumber);
    }

    int size() {
        return rounds.size();
    }

    List<Fields> rounds() {
        return rounds;
    }

    Optional<Fields> last() {
        return rounds.isEmpty() ? Optional.empty() : Optional.of(rounds.get(rounds.size() - 1));
    }

    /** A value of every round, NaN where it has none. */
    List<Double> column(Function<Fields, OptionalDouble> value) {
        return rounds.stream()
                .map(round -> value.apply(round).orElse(Double.NaN))
                .toList();
    }

    Abscissa byRound() {
        return new Abscissa("round", numbers);
    }

    /** The epochs done at each round; the round itself if some round does not say, for then no curve over epochs would be whole. */
    Abscissa byEpoch() {
        Abscissa epochs = new Abscissa("epochs", column(round -> round.number("epoch")));
        return epochs.ascends() ? epochs : byRound();
    }
}
