package org.coinflip.model.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.training.EstimatorChoice;

/**
 * Reads from a pass, which has gone forward and backward in training mode, what became of one of its examples. Of a {@link
 * org.coinflip.model.training.Learner} that stands before a step ({@code differentiate}) this is, bit for bit, what the step uses.
 *
 * <p>Beside the one draw it sets moments over others: {@code g − E g} is this draw's noise, {@code E g − reference} the estimator's bias.
 */
public final class Microscope {
    private final Network trained;
    private final Backend backend;
    private final int draws;

    /** @param draws other draws of the noise, at least 2, for {@link Moments}; 0 for none */
    public Microscope(Network network, Backend backend, int draws) {
        this.trained = network;
        this.backend = backend;
        this.draws = draws;
    }

    /**
     * Looks at an example in a batch of its own, under parameters as they are.
     *
     * @param state not modified
     * @param place of the example
     * @param seed of the noise
     * @param epoch of the noise
     * @param draw of the noise; training has 0
     * @param progress part of the training that is done, for laws that anneal
     * @throws UsageException where a batch of one example is no part of a greater one
     */
    public Explanation look(
            State state, Examples examples, int place, long seed, int epoch, int draw, double progress) {
        if (trained.layers().stream().anyMatch(Layer::mixesRows)) {
            throw new UsageException(
                    "explain: got a network that normalises by the batch, in which an example by itself is another one,"
                            + " expected one without batch-norm: explain.sh replays the whole batch of a step");
        }
        Pass pass = EstimatorChoice.inForce(trained, state).bind(state, null, backend, 1);
        focus(pass);
        pass.load(examples, new int[] {place}, 1);
        pass.context().setNoise(Mode.TRAIN, seed, epoch, draw);
        pass.context().setProgress(progress);
        pass.forward();
        pass.backward();
        return read(pass, state, 0);
    }

    /** Has a pass keep what backward passes overwrite; before the one that is read. */
    public void focus(Pass pass) {
        pass.stochasticStages().forEach(StochasticStage::keepUpstream);
    }

    /**
     * Reads.
     *
     * @param pass over this network; its batch, noise and progress are those of its context. Not modified
     * @param state that it was bound to, before any step is taken from there; not modified
     * @param row the example's in the batch
     */
    public Explanation read(Pass pass, State state, int row) {
        Network network = EstimatorChoice.inForce(trained, state);
        OtherDraws others = new OtherDraws(network, backend, draws);
        int examples = pass.context().examples();
        float[] losses = new float[examples];
        pass.context().meanLosses(examples, losses);
        float[] weights = pass.context().weights();
        List<StochasticStage> stages = pass.stochasticStages();
        List<ExplainedLayer> layers = new ArrayList<>();
        for (int place = 0; place < stages.size(); place++) {
            int layer = pass.layer(stages.get(place));
            List<Moments> moments = others.at(layer, place, pass, state, row);
            layers.add(new ExplainedLayer(
                    layer,
                    (StochasticLayer) network.layers().get(layer),
                    rows(stages.get(place), examples, row, moments),
                    others.reference(layer)));
        }
        return new Explanation(
                pass.context().ids()[row],
                pass.context().targets().labels()[row],
                pass.context().seed(),
                pass.context().epoch(),
                pass.context().draw(),
                examples,
                losses[row],
                pass.meanLoss(),
                weights == null ? 1 : weights[row],
                layers);
    }

    private static List<ExplainedRow> rows(StochasticStage stage, int examples, int row, List<Moments> moments) {
        List<ExplainedRow> rows = new ArrayList<>();
        for (int r = row; r < stage.rows(); r += examples) {
            boolean tellsProbabilities =
                    stage.law().hasScore() || stage.law().openingPower().isPresent();
            Optional<float[]> probabilities =
                    tellsProbabilities ? Optional.of(row(stage.probabilities(), r)) : Optional.empty();
            int place = rows.size();
            int here = r;
            rows.add(new ExplainedRow(
                    row(stage.logits(), r),
                    probabilities,
                    Optional.ofNullable(stage.derivative()).map(matrix -> row(matrix, here)),
                    samples(stage, r, probabilities),
                    row(stage.logitGradient(), r),
                    moments.isEmpty() ? Optional.empty() : Optional.of(moments.get(place))));
        }
        return rows;
    }

    private static List<ExplainedSample> samples(StochasticStage stage, int r, Optional<float[]> probabilities) {
        List<ExplainedSample> samples = new ArrayList<>();
        int drawn = stage.rows(stage.context()) / stage.rows();
        for (int s = 0; s < drawn; s++) {
            int at = s * stage.rows() + r;
            float[] values = row(stage.samples(), at);
            float[] uniforms = uniforms(stage, r, s);
            samples.add(new ExplainedSample(
                    probabilities.filter(p -> decide(uniforms, p, values)).map(p -> uniforms),
                    values,
                    stage.losses()[at],
                    stage.baselines(at),
                    Optional.ofNullable(stage.upstreamKept()).map(matrix -> row(matrix, at))));
        }
        return samples;
    }

    private static float[] uniforms(StochasticStage stage, int row, int sample) {
        Draws draws = stage.draws();
        return new NoiseKey(stage.context().seed(), draws.epoch(), draws.purpose())
                .uniforms(stage.width(), draws.counter(row, stage.draw(sample)), draws.id(row));
    }

    /** Whether the sample is what these numbers make of the probabilities; estimators that couple samples draw otherwise. */
    private static boolean decide(float[] uniforms, float[] probabilities, float[] values) {
        for (int j = 0; j < values.length; j++) {
            if (uniforms[j] < probabilities[j] != (values[j] != 0)) {
                return false;
            }
        }
        return true;
    }

    private static float[] row(Matrix matrix, int r) {
        float[] row = new float[matrix.columns()];
        matrix.getRow(r, row, 0);
        return row;
    }
}
