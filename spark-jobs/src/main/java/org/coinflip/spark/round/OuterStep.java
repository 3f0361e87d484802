package org.coinflip.spark.round;

import java.util.Map;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.experiment.OuterSpec;

/**
 * The outer optimiser: takes the averaged step Δ = mean − x of a round as a gradient. With {@code v ← μ v + Δ} the parameters become
 * {@code x + η v} with momentum and {@code x + η (μ v + Δ)} with Nesterov's, computed in double as the mean plus a correction that is
 * zero for μ = 0, η = 1. What is not a parameter (statistics, the workers' updaters' memory) takes the mean.
 *
 * <p>Chen, Huo (2016), "Scalable training of deep learning machines by incremental block training with intra-block parallel optimization
 * and blockwise model-update filtering"; Douillard et al. (2023), "DiLoCo".
 */
public final class OuterStep {
    private static final String NAME = "averaging.outer";

    private final OuterSpec spec;
    private final float[] velocity;

    /** @param parameters how many of a state's first numbers are trained */
    public OuterStep(OuterSpec spec, int parameters) {
        this.spec = spec;
        this.velocity = spec.kind() == OuterSpec.Kind.NONE ? new float[0] : new float[parameters];
    }

    /**
     * Takes a round's step.
     *
     * @param before the state that the round started from
     * @param mean in: the average of its results; out: the state that the next round starts from
     */
    public void take(Floats before, Floats mean) {
        take(before, mean, 0);
    }

    /**
     * Takes a part of a round's step.
     *
     * @param from the place in a state of the first of the numbers
     */
    public void take(Floats before, Floats mean, int from) {
        double rate = spec.learningRate();
        double momentum = spec.momentum();
        boolean nesterov = spec.kind() == OuterSpec.Kind.NESTEROV;
        int count = Math.min(mean.length(), velocity.length - from);
        for (int i = 0; i < count; i++) {
            double step = (double) mean.get(i) - before.get(i);
            double carried = momentum * velocity[from + i];
            float speed = (float) (carried + step);
            velocity[from + i] = speed;
            double correction = (rate - 1) * step + rate * (nesterov ? momentum * speed : carried);
            if (correction != 0) {
                mean.set(i, (float) (mean.get(i) + correction));
            }
        }
    }

    /** What is kept from round to round, by name: as long as the parameters; nothing where nothing is. */
    public Map<String, float[]> memory() {
        return velocity.length == 0 ? Map.of() : Map.of(NAME, velocity.clone());
    }

    /** What is kept for a slice of a state; null where nothing is. */
    public Floats memory(Slice slice) {
        int count = Math.min(slice.count(), velocity.length - slice.from());
        if (count <= 0) {
            return null;
        }
        Floats part = Floats.allocate(count);
        part.set(0, velocity, slice.from(), count);
        return part;
    }

    /** Takes up a part of what another kept. */
    public void restore(Floats part, int from) {
        part.get(0, velocity, from, part.length());
    }

    /** Numbers that are kept. */
    public int length() {
        return velocity.length;
    }

    /** Takes up what {@link #memory} gave in the process before. */
    public void restore(Map<String, float[]> vectors) {
        float[] before = vectors.get(NAME);
        if (before != null) {
            Snapshot.requireLength(NAME, before, velocity.length);
            System.arraycopy(before, 0, velocity, 0, velocity.length);
        }
    }
}
