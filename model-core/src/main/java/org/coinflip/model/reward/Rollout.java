package org.coinflip.model.reward;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Plays episodes of a policy, a batch in lockstep: one pass a step over all episodes that are still going on. What an episode meets is a
 * function of (state, seed, epoch, its number, the batch it is in): step t of episode e is example {@code e · mostSteps + t}. Memory
 * made once; belongs to one thread.
 */
public final class Rollout {
    private final Environment environment;
    private final ActionCode code;
    private final Pass pass;
    private final Experience experience;
    private final double[][] states;
    private final int[] going;
    private final long[] ids;
    private final float[] observations;

    /**
     * @param state not modified
     * @param most the most episodes of a batch
     */
    public Rollout(Network network, State state, Environment environment, Backend backend, int most) {
        this.environment = environment;
        code = ActionCode.of(network.spec(), environment);
        pass = network.bind(state, null, backend, most);
        experience = new Experience(environment, most);
        states = new double[most][environment.stateSize()];
        going = new int[most];
        ids = new long[most];
        observations = new float[most * environment.observations()];
    }

    /**
     * Plays a batch of episodes to their ends.
     *
     * @param mode what the neurons give; training's episodes share no draw with others
     * @param progress part of the training that is done, in [0, 1]
     * @param first number of the first episode
     * @param count episodes
     * @return what they met; overwritten by the next call
     */
    public Experience play(Mode mode, long seed, int epoch, double progress, long first, int count) {
        StepNoise noise = new StepNoise(mode, seed, epoch);
        pass.context().setNoise(mode, seed, epoch, 0);
        pass.context().setProgress(progress);
        experience.begin(count);
        int live = count;
        for (int e = 0; e < count; e++) {
            environment.reset(states[e], noise.at(first + e, 0));
            going[e] = e;
        }
        for (int step = 0; step < environment.mostSteps() && live > 0; step++) {
            int begun = look(first, step, live);
            pass.forward();
            int left = 0;
            for (int i = 0; i < live; i++) {
                int e = going[i];
                int action = code.action(pass.output(), i);
                experience.earn(begun + i, action, environment.act(states[e], action, noise.at(first + e, step + 1)));
                if (!environment.isOver(states[e])) {
                    going[left++] = e;
                }
            }
            live = left;
        }
        return experience;
    }

    /** Gives the pass what the episodes that are going on see, and gives the row where this begins in the experience. */
    private int look(long first, int step, int live) {
        int begun = experience.rows();
        int width = experience.width();
        for (int i = 0; i < live; i++) {
            ids[i] = (first + going[i]) * environment.mostSteps() + step;
            environment.observe(states[going[i]], observations, i * width);
            experience.add(ids[i], going[i]);
        }
        System.arraycopy(observations, 0, experience.observations(), begun * width, live * width);
        experience.endStep(live);
        pass.load(ids, observations, null, live);
        return begun;
    }
}
