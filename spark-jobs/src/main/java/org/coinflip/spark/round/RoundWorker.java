package org.coinflip.spark.round;

import java.io.Serializable;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.state.StatePool;

/** The executor's side of a round. Broadcast once; the result is a function of what it is given, whichever executor computes it. */
public interface RoundWorker extends Serializable {
    /**
     * Takes a worker's steps of a round.
     *
     * @param start the state that every worker starts from, not modified
     * @param number the worker's number, which with the round fixes its order of examples, or its episodes
     * @param shard its examples; null for a worker that needs none
     * @param rateFactor factor on the learning rate that looks at the validation split have decided
     * @param kept what is kept of each of the examples, modified; null where {@link #keptPerExample} is 0
     * @param pool where the result's state is taken from
     */
    RoundResult run(
            Floats start, int number, ExampleStore shard, int round, double rateFactor, Floats kept, StatePool pool);

    /** What it computes with. */
    KernelChoice kernels();

    /** Whether the rounds after a look depend on what was seen. */
    default boolean waitsForLooks() {
        return false;
    }

    /** Numbers that are kept of every example from round to round. */
    default int keptPerExample() {
        return 0;
    }
}
