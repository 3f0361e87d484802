package org.coinflip.spark.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.training.updater.Patience;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.state.StateVector;

/**
 * Ends a training when so many looks at the validation split in a row were no better than the best before, and keeps the network as it was
 * at the best look. Without patience it does nothing.
 *
 * <p>Prechelt (1998), "Early stopping – but when?": the criterion UP counted in looks.
 */
public final class EarlyStopping {
    /** What the line of a look says that was made because a training's time ended. */
    public static final String DECIDES_NOTHING = "endOfTime";

    private static final String BEST = "best";

    private final Patience patience;
    private final int length;
    private int bestRound;
    private float[] best;

    /**
     * @param patience looks; 0 for no end to it
     * @param length numbers of the network's own part of a state: parameters and statistics
     */
    public EarlyStopping(int patience, int length) {
        this.patience = new Patience(patience);
        this.length = length;
    }

    /** Takes a look's score, less being better; a score that is NaN is no better than any. */
    public void look(int round, double score, StateVector state) {
        if (!patience.isEndless() && note(round, score)) {
            best = Arrays.copyOf(state.values(), length);
        }
    }

    private boolean note(int round, double score) {
        boolean better = patience.isBest(score);
        bestRound = better ? round : bestRound;
        return better;
    }

    /** Goes on where a training was stopped: the looks are in its lines, the best network is in the checkpoint. */
    public void restore(Optional<Snapshot> start, List<Map<String, Object>> lines, ToDoubleFunction<Map<?, ?>> score) {
        if (patience.isEndless() || start.isEmpty()) {
            return;
        }
        for (Map<String, Object> line : looks(lines)) {
            note(((Number) line.get("round")).intValue(), score.applyAsDouble((Map<?, ?>) line.get("valid")));
        }
        best = start.get().vectors().get(BEST);
        if (best != null) {
            Snapshot.requireLength(BEST, best, length);
        }
    }

    private static List<Map<String, Object>> looks(List<Map<String, Object>> lines) {
        return lines.stream()
                .filter(line -> line.get("valid") instanceof Map<?, ?> && !line.containsKey(DECIDES_NOTHING))
                .toList();
    }

    /** What the looks of a training's lines have made of its learning rate. */
    public static Plateau plateau(
            Schedule schedule, List<Map<String, Object>> lines, ToDoubleFunction<Map<?, ?>> score) {
        Plateau plateau = new Plateau(schedule);
        looks(lines).forEach(line -> plateau.look(score.applyAsDouble((Map<?, ?>) line.get("valid"))));
        return plateau;
    }

    /** What a checkpoint has to hold besides. */
    public Map<String, float[]> vectors() {
        return best == null ? Map.of() : Map.of(BEST, best);
    }

    public boolean isOver() {
        return patience.isOver();
    }

    /** The network's part of the state at the best look. */
    public Optional<StateVector> best() {
        return Optional.ofNullable(best).map(StateVector::new);
    }

    /** The round of the best look, counted from 1. */
    public int bestRound() {
        return bestRound;
    }
}
