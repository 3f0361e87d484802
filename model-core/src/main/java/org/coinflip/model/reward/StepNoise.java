package org.coinflip.model.reward;

import org.coinflip.model.layer.Mode;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;

/** An environment's random numbers of one step of one episode: a pure function of (seed, epoch, episode, step). One thread's. */
public final class StepNoise {
    private static final int NUMBERS = 4;

    private final int[] key;
    private final int[] words = new int[NUMBERS];

    /** @param mode episodes of training share no draw with others */
    StepNoise(Mode mode, long seed, int epoch) {
        int purpose = NoiseKey.ENVIRONMENT + (mode == Mode.TRAIN ? 0 : NoiseKey.EVALUATION);
        key = new NoiseKey(seed, epoch, purpose).key();
    }

    /** Goes to a step of an episode; step 0 is the reset. */
    StepNoise at(long episode, int step) {
        System.arraycopy(NoiseKey.counter(0, step, episode), 0, words, 0, NUMBERS);
        Threefry.encrypt(key, words);
        return this;
    }

    /**
     * A uniform number in (0, 1).
     *
     * @param index which of the step's four
     */
    public double uniform(int index) {
        return NoiseKey.ofWord(words[index]);
    }
}
