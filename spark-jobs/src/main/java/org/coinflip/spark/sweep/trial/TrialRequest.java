package org.coinflip.spark.sweep.trial;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * One trial to run, as it travels to a task.
 *
 * @param trial its number
 * @param rung how far it is taken
 * @param key checksum of what it is given
 * @param settings what is set in the experiment, as a JSON object by path
 * @param from epochs that a lower rung has done, 0 at the start
 * @param to epochs done at the end; 0 for the whole training
 * @param parent the trial whose state at the rung below it goes on from; −1 where it begins
 * @param before the parts of the training that led to that state, where they had other settings; empty where they had these
 * @param keeps whether its state is kept for a higher rung
 * @param data the examples; null where the trial needs none
 */
public record TrialRequest(
        int trial,
        int rung,
        String key,
        String settings,
        int from,
        int to,
        int parent,
        List<Part> before,
        boolean keeps,
        Broadcast<TrialData> data)
        implements Serializable {
    /**
     * A part of a training.
     *
     * @param settings as those of a trial
     * @param to epochs done at its end
     */
    public record Part(String settings, int to) implements Serializable {}

    public TrialRequest {
        // a list that any serializer takes
        before = new ArrayList<>(before);
    }
}
