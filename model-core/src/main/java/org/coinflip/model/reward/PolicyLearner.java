package org.coinflip.model.reward;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.BlockedBlas;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.held.HeldSamples;
import org.coinflip.model.layer.held.RatioSums;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;

/**
 * One thread's training of a policy. It plays a batch of episodes with the noise of training and takes a step down the mean, over all
 * their steps, of the estimates of ∂L/∂a, L of a step being minus the discounted rewards from there on. Noise is a function of (seed,
 * epoch, example, layer, unit), so the step draws the very samples that were played: nothing is kept of them but what they earned. After
 * it the parameters are others, and would draw others: {@link EpisodeReuse steps that follow on the same episodes} hold the samples of the first.
 */
public final class PolicyLearner {
    private final Learner learner;
    private final Rollout rollout;
    private final BlockedBlas blas;
    private final ActionCode code;
    private final float[] losses;
    private final double discount;
    private final long seed;
    private final int batch;
    private final EpisodeReuse reuse;
    /** Null where no second step follows. */
    private final HeldSamples held;

    private Experience experience;

    /**
     * @param spec its batch is of episodes
     * @param discount γ
     * @param reuse steps on the same episodes
     * @param seed of all noise in training
     */
    public PolicyLearner(
            Network network,
            TrainingSpec spec,
            Environment environment,
            double discount,
            EpisodeReuse reuse,
            Backend backend,
            long seed) {
        reuse.check(network.spec());
        int rows = Math.multiplyExact(spec.batch(), environment.mostSteps());
        blas = new BlockedBlas(backend.blas());
        learner = new Learner(network, spec.withBatch(rows), backend.with(blas), seed);
        rollout = new Rollout(network, learner.state(), environment, backend, spec.batch());
        code = ActionCode.of(network.spec(), environment);
        losses = new float[rows];
        this.discount = discount;
        this.seed = seed;
        this.batch = spec.batch();
        this.reuse = reuse;
        held = reuse.isReused() ? new HeldSamples(rows, reuse.clip()) : null;
        learner.pass().context().setHeld(held);
    }

    /** As {@link Learner#load}. */
    public void load(Floats numbers) {
        learner.load(numbers);
    }

    /** As {@link Learner#store}. */
    public void store(Floats numbers) {
        learner.store(numbers);
    }

    /** As {@link Learner#state}. */
    public State state() {
        return learner.state();
    }

    /** The pass of the step: after it, what every step of the episodes gave the neurons. */
    Pass pass() {
        return learner.pass();
    }

    /** Plays a batch of episodes, numbered from {@code first} on, and loads the pass with them. */
    Experience play(int epoch, double done, long first) {
        experience = rollout.play(Mode.TRAIN, seed, epoch, done, first, batch);
        experience.writeLosses(discount, losses);
        learner.pass().load(experience.ids(), experience.observations(), losses, experience.rows());
        blas.setBlocks(experience.going(), experience.steps());
        return experience;
    }

    /**
     * Plays a batch of episodes and takes the steps of a round.
     *
     * @param first number of the first episode
     * @param progress before the round's first step, an epoch being a round; modified
     * @return what was played; overwritten by the next call
     * @throws org.coinflip.model.error.DivergenceException when the loss is not finite; the state is then as it was
     */
    public Experience step(long first, Progress progress) {
        play(progress.epoch(), progress.epochsDone() / progress.epochs(), first);
        long begun = progress.step();
        for (int step = 0; step < reuse.steps(); step++) {
            if (held != null) {
                held.begin(step, reuse.steps());
            }
            // noise is that of the first: what is not held is drawn again
            learner.differentiate(progress.at(begun), 0);
            learner.descend(progress.at(begun + step));
        }
        for (int row = 0; row < experience.rows(); row++) {
            if (code.action(learner.pass().output(), row) != experience.action(row)) {
                throw new IllegalStateException("step " + experience.ids()[row]
                        + " drew another action than was played: its gradient would be of what never happened");
            }
        }
        return experience;
    }

    /** How far the last round's steps have gone from the policy that played. */
    public RatioSums ratios() {
        return held == null ? RatioSums.NONE : held.sums();
    }
}
