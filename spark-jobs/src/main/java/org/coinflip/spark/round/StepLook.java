package org.coinflip.spark.round;

import org.coinflip.model.example.Examples;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.updater.Progress;

/** What is done with a worker's learner as it is before a step. */
public interface StepLook {
    /**
     * Looks.
     *
     * @param learner may compute, and must take no step
     * @param examples in which the batch is
     * @param places of the batch; the first {@code count} count. Not to be modified
     * @param progress before the step
     */
    void before(Learner learner, Examples examples, int[] places, int count, Progress progress);
}
