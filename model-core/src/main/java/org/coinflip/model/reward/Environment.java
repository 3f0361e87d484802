package org.coinflip.model.reward;

import java.util.Map;

/**
 * What a policy acts in, as an experiment file specifies it: an episode begins, and every action changes its state and earns a reward
 * until it is over. Immutable and thread-safe; an episode's state is the caller's, its chance the {@link StepNoise} that the caller
 * brings.
 */
public interface Environment {
    /** Numbers that a policy sees of a state. */
    int observations();

    /** Actions there are; an action is in {@code [0, actions)}. */
    int actions();

    /** Steps after which an episode is ended if it is not over before. */
    int mostSteps();

    /** Numbers of a state. */
    int stateSize();

    /**
     * Begins an episode.
     *
     * @param state out: {@link #stateSize} numbers
     */
    void reset(double[] state, StepNoise noise);

    /**
     * Acts.
     *
     * @param state modified
     * @return the reward
     */
    double act(double[] state, int action, StepNoise noise);

    /** Whether an episode is over with this state, which an action led to. */
    boolean isOver(double[] state);

    /**
     * What a policy sees.
     *
     * @param out out: {@link #observations} numbers from {@code from} on
     */
    void observe(double[] state, float[] out, int from);

    /** The keys and values it would be read from. */
    Map<String, Object> write();
}
