package org.coinflip.spark.round;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.state.StatePool;

/** What {@link MergeTree} does with the states of two subtrees. */
public interface Merging {
    /** {@code a ← w_a a + w_b b}, at once or later; b is used up. */
    void mean(Floats a, double weightOfA, Floats b, double weightOfB);

    /** At once, all of it; what is used up goes to a pool. */
    static Merging atOnce(Updating kernels, StatePool pool) {
        return (a, weightOfA, b, weightOfB) -> {
            kernels.mean(a, weightOfA, b, weightOfB);
            pool.give(b);
        };
    }

    /**
     * Writes down what is to be done, for others to do in slices: every number is merged on its own, so the bits are those of merging at
     * once, however the numbers are cut.
     */
    final class Later implements Merging {
        private record Mean(Floats a, double weightOfA, Floats b, double weightOfB) {}

        private final List<Mean> means = new ArrayList<>();

        @Override
        public void mean(Floats a, double weightOfA, Floats b, double weightOfB) {
            means.add(new Mean(a, weightOfA, b, weightOfB));
        }

        /** Does it to the numbers {@code [from, from + count)} of every state. */
        public void run(Updating kernels, int from, int count) {
            for (Mean mean : means) {
                kernels.mean(mean.a.view(from, count), mean.weightOfA, mean.b.view(from, count), mean.weightOfB);
            }
        }

        /** Gives back what has been used up. */
        public void giveBack(StatePool pool) {
            means.forEach(mean -> pool.give(mean.b));
        }
    }
}
