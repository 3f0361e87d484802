package org.coinflip.model.training;

import java.util.Arrays;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Updater;

/**
 * One thread's training of a network: a step is a function of (state, batch, step number, seed) and allocates nothing. The state
 * belongs to the learner; load it, take steps, read it.
 *
 * <p>With {@code training.ema} = β the parameters that are stored are the average of those after each step, which are kept beside them:
 *
 * <pre>  w̄ₜ = βₜ w̄ₜ₋₁ + (1 − βₜ) wₜ,  βₜ = min(β, t / (t + 1)) </pre>
 *
 * for t = 0, 1, …: the plain mean of the first 1 / (1 − β) steps, an exponential average after it (Polyak, Juditsky 1992), so that initial weights
 * have no part in it. The mean of workers' averages is the average of their mean: it is exact under averaging. Statistics are not averaged.
 */
public final class Learner {
    /** Laid out as states are averaged and written. */
    private final Layout dense;

    private final State state;
    private final Backend backend;
    private final EstimatorChoice choice;
    private final Updater updater;
    private final long seed;
    private Pass pass;
    private Floats kept;
    private final float maxColumnNorm;
    private final double ema;
    private final Floats parameters;
    /** Of the parameters, while steps are taken; null for none. */
    private final Floats average;

    private final Matrix[] limited;
    private final Matrix[] limitedByUnit;
    private final Gating.Scratch scratch;
    private final Floats norms;

    /** @param seed of all noise in training */
    public Learner(Network network, TrainingSpec spec, Backend backend, long seed) {
        this.dense = layout(network, spec);
        this.state = new State(dense.padded());
        this.backend = backend;
        this.seed = seed;
        maxColumnNorm = (float) spec.maxColumnNorm();
        ema = spec.ema();
        parameters = state.parameters();
        average = dense.hasIterate() ? state.iterate() : null;
        updater = spec.updater()
                .bind(state, backend, spec.schedule(), spec.weightDecay(), maxColumnNorm, spec.clipNorm());
        choice = EstimatorChoice.isIn(network) ? new EstimatorChoice(network, spec, state, updater, backend) : null;
        pass = choice == null ? network.bind(state, updater, backend, spec.batch()) : choice.pass();
        limited = limited(Segment.Role.WEIGHTS);
        limitedByUnit = limited(Segment.Role.WEIGHTS_BY_UNIT);
        scratch = Gating.Scratch.of(
                0, Arrays.stream(limitedByUnit).mapToInt(Matrix::columns).max().orElse(0));
        int widest = 1;
        for (Matrix weights : limited) {
            widest = Math.max(widest, weights.columns());
        }
        norms = Floats.allocate(Matrix.padded(widest));
    }

    private Matrix[] limited(Segment.Role role) {
        return state.layout().segments().stream()
                .filter(s -> maxColumnNorm > 0 && s.role() == role && !updater.limits(s))
                .flatMap(state::blocks)
                .toArray(Matrix[]::new);
    }

    /** The layout of the whole state: the network's, the updater's memory, and where steps are taken if the network's is an average. */
    public static Layout layout(Network network, TrainingSpec spec) {
        Layout layout = network.layout().withUpdaterMemory(spec.updater().memory());
        return spec.ema() == 0 ? layout : layout.withIterate();
    }

    /** Overwrites the state. @param numbers in {@link #layout} */
    public void load(Floats numbers) {
        updater.rest();
        state.set(dense, numbers);
        state.exchangeIterate();
        if (choice != null) {
            choice.read();
            use(choice.pass());
        }
    }

    private void use(Pass chosen) {
        pass = chosen;
        pass.context().setKept(kept);
    }

    /** Copies the state. @param numbers in {@link #layout} */
    public void store(Floats numbers) {
        updater.rest();
        state.exchangeIterate();
        state.get(dense, numbers);
        state.exchangeIterate();
    }

    /** Copies the network as it is evaluated. @param into of the network's layout, in any form */
    public void storeNetwork(State into) {
        updater.rest();
        state.exchangeIterate();
        into.set(state);
        state.exchangeIterate();
    }

    /**
     * Parameters, statistics and the updater's memory, at rest: what may be used or overwritten. It is {@linkplain Layout#padded laid out} for
     * computation, otherwise than {@link #layout}: {@link #load} and {@link #store} are for vectors of that.
     */
    public State state() {
        updater.rest();
        return state;
    }

    /** Whether every number of the state is finite. */
    public boolean isFinite() {
        return backend.updating().isFinite(state.values());
    }

    /** Forgets what the updater remembers of earlier steps. */
    public void clearUpdaterMemory() {
        for (Segment segment : state.layout().segments()) {
            if (segment.role() == Segment.Role.UPDATER) {
                state.view(segment).clear();
            }
        }
    }

    /** The pass that steps are taken by; another where another estimator is chosen. */
    public Pass pass() {
        return pass;
    }

    /**
     * Has the following steps read and write what the network keeps of examples ({@link org.coinflip.model.layer.TopLayer#keptPerExample}).
     *
     * @param kept of all examples that the steps' places count, one after another, zeros in the first epoch; null for keeping nothing
     */
    public void keep(Floats kept) {
        this.kept = kept;
        pass.context().setKept(kept);
    }

    /**
     * Takes one step.
     *
     * @param places which examples make the batch; the first {@code count} count
     * @return the mean loss of the batch before the step
     * @throws org.coinflip.model.error.DivergenceException when that is not finite; the state is then as it was
     */
    public double step(Examples examples, int[] places, int count, Progress progress) {
        begin(examples, places, count, progress);
        pass.load(examples, places, count);
        return step(progress);
    }

    /**
     * Chooses the estimators of an epoch before its first step, where the network has {@link org.coinflip.model.estimator.registry.Auto} and it is; {@link #pass} is then another.
     *
     * @param places which examples make that step's batch; the first {@code count} count
     */
    public void begin(Examples examples, int[] places, int count, Progress progress) {
        if (choice != null && progress.isFirstOfEpoch()) {
            updater.rest();
            choice.begin(examples, places, count, seed, progress);
            use(choice.pass());
        }
    }

    /**
     * Computes what a step on the batch that {@link #pass} was loaded with begins with, and takes none: the losses and the gradients with respect to
     * every stage's pre-activations. Changes nothing but the pass.
     *
     * @param draw of the noise; steps have 0
     * @return the mean loss of the batch
     */
    public double differentiate(Progress progress, int draw) {
        pass.context().setNoise(Mode.TRAIN, seed, progress.epoch(), draw);
        pass.context().setProgress(progress.epochsDone() / progress.epochs());
        pass.forward();
        double loss = pass.checkedLoss();
        pass.backward();
        return loss;
    }

    /**
     * Takes one step on the batch that {@link #pass} was loaded with.
     *
     * @return the mean loss of the batch before the step
     * @throws org.coinflip.model.error.DivergenceException when that is not finite; the state is then as it was
     */
    public double step(Progress progress) {
        double loss = differentiate(progress, 0);
        descend(progress);
        return loss;
    }

    /** Takes the step that {@link #differentiate} computed what it begins with. */
    public void descend(Progress progress) {
        updater.begin(progress);
        pass.accumulate();
        updater.finish();
        for (Matrix weights : limited) {
            backend.updating().limitColumnNorms(weights, maxColumnNorm, norms);
        }
        for (Matrix weights : limitedByUnit) {
            backend.gating().limitRowNorms(weights, maxColumnNorm, scratch);
        }
        if (average != null) {
            updater.rest();
            double t = progress.step();
            double beta = Math.min(ema, t / (t + 1));
            backend.updating().mean(average, beta, parameters, 1 - beta);
        }
    }
}
