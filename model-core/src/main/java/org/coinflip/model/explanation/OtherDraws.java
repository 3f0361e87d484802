package org.coinflip.model.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.enumeration.Exact;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.explanation.ExplainedLayer.Reference;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.EstimatorChoice;
import org.coinflip.model.training.RunningMoments;

/**
 * Moments of the estimates at one layer for one example, given what the layers below gave it: the noise of this layer and of those above is drawn
 * again, that of the layers below is not. Epochs of the noise are such as training does not reach.
 */
final class OtherDraws {
    /** Values of more bits are not enumerated. */
    private static final int MOST_BITS = 8;

    private static final int EPOCH = Integer.MAX_VALUE;
    private static final int REFERENCE_EPOCH = EPOCH - 1;

    private final Network network;
    private final Backend backend;
    private final int draws;

    OtherDraws(Network network, Backend backend, int draws) {
        this.network = network;
        this.backend = backend;
        this.draws = draws;
    }

    /** What the rows of a layer are held against, {@link Reference}. */
    Reference reference(int layer) {
        StochasticLayer units = (StochasticLayer) network.layers().get(layer);
        if (draws == 0 || !units.hasReference() || isOfSeveral(layer)) {
            return Reference.NONE;
        }
        return units.units() <= MOST_BITS ? Reference.ENUMERATION : Reference.LOCAL_EXPECTATION;
    }

    /**
     * Whether more than this example's row enters its estimate: the layer or one below combines samples, from all of which those above learn, the layer or one
     * above has a term of sparsity, which is of the means over the batch, or one above normalises by the batch.
     */
    private boolean isOfSeveral(int layer) {
        List<Layer> layers = network.layers();
        return layers.subList(0, layer + 1).stream()
                        .anyMatch(below -> below instanceof StochasticLayer units
                                && units.estimator().combinesSamples())
                || layers.subList(layer, layers.size()).stream()
                        .anyMatch(above -> above instanceof StochasticLayer units
                                && units.sparsity().isPresent())
                || network.mixesRowsAbove(layer);
    }

    /**
     * Draws again.
     *
     * @param place the layer's place among the stochastic layers
     * @param main the pass that is looked at
     * @param row of the example in it
     * @return for each of the example's rows at the layer; none where none are wanted
     */
    List<Moments> at(int layer, int place, Pass main, State state, int row) {
        if (draws == 0 || isOfSeveral(layer)) {
            return List.of();
        }
        State same = new State(state.layout());
        same.set(state);
        RunningMoments own = moments(network, same, layer, place, main, row, EPOCH);
        Optional<RunningMoments> reference = reference(layer) == Reference.NONE
                ? Optional.empty()
                : Optional.of(referenceMoments(layer, place, main, state, row));
        int rows = rows(main, layer);
        List<Moments> all = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            int here = r;
            all.add(new Moments(
                    draws,
                    own.mean(r),
                    own.deviation(r),
                    reference.map(moments -> moments.mean(here)),
                    reference.map(moments -> moments.error(here))));
        }
        return all;
    }

    private RunningMoments referenceMoments(int layer, int place, Pass main, State state, int row) {
        GradientEstimator unbiased = reference(layer) == Reference.ENUMERATION ? new Exact() : Estimators.reference();
        Network other = EstimatorChoice.with(network, layer, unbiased);
        State parameters = new State(other.layout());
        parameters.setParameters(state);
        return moments(other, parameters, layer, place, main, row, REFERENCE_EPOCH);
    }

    /** Rows that come in at a layer for each example. */
    private static int rows(Pass main, int layer) {
        StochasticStage stage = (StochasticStage) main.stage(layer);
        return stage.rows() / main.context().examples();
    }

    private RunningMoments moments(Network of, State parameters, int layer, int place, Pass main, int row, int epoch) {
        Pass pass = of.bind(parameters, null, backend, 1);
        pass.load(main, row);
        pass.context()
                .setNoise(
                        Mode.TRAIN,
                        main.context().seed(),
                        main.context().epoch(),
                        main.context().draw());
        pass.context().setProgress(main.context().progress());
        pass.forward();
        StochasticStage stage = pass.stochasticStages().get(place);
        RunningMoments moments = new RunningMoments(stage.rows(), stage.width());
        pass.takeOutputs(main, row, layer);
        for (int draw = 0; draw < draws; draw++) {
            pass.context().setNoise(Mode.TRAIN, main.context().seed(), epoch, draw);
            pass.forward(layer);
            pass.backward(layer);
            moments.add(stage.logitGradient());
        }
        return moments;
    }
}
