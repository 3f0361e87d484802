package org.coinflip.spark.sweep.trial;

import java.io.Serializable;
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
 * @param keeps whether its state is kept for a higher rung
 * @param data the examples; null where the trial needs none
 */
public record TrialRequest(
        int trial, int rung, String key, String settings, int from, int to, boolean keeps, Broadcast<TrialData> data)
        implements Serializable {}
