package org.coinflip.model.oracle;

import java.util.function.DoubleUnaryOperator;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.GradientSink;

/**
 * One binary unit with logit a and the loss f(b) = (b − t)², made of a network: ½ (√2 b + 1 − √2 t − 1)².
 *
 * @param estimator as in an experiment file
 */
public record Toy(String estimator, double a, double t) {
    private static final int BATCH = 64;

    public double p() {
        return Enumeration.sigmoid(a);
    }

    /** f(1) − f(0). */
    public double difference() {
        return 1 - 2 * t;
    }

    /** ∂E f/∂a. */
    public double exact() {
        return p() * (1 - p()) * difference();
    }

    public Network network() {
        return Networks.of(
                1,
                "{ type = stochastic, units = 1, estimator = " + estimator + " }",
                "{ type = output, units = 1, objective = squared-error }");
    }

    /** Means and variances of functions of the estimate for one row, over so many batches of rows. */
    public Draw draw(int batches, DoubleUnaryOperator... of) {
        Network network = network();
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, (float) a);
        state.view("layer1.weights").set(0, (float) Math.sqrt(2));
        state.view("layer1.biases").set(0, (float) (1 - Math.sqrt(2) * t));
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), BATCH);
        StochasticStage site = pass.stochasticStages().get(0);
        Examples copies = Networks.copies(BATCH, 1, 0, 0f);
        Draw draw = new Draw(of.length);
        double[] values = new double[of.length];
        for (int i = 0; i < batches; i++) {
            Draw.step(pass, copies, i);
            for (int r = 0; r < BATCH; r++) {
                for (int k = 0; k < of.length; k++) {
                    values[k] = of[k].applyAsDouble(site.logitGradient().get(r, 0));
                }
                draw.add(values);
            }
        }
        return draw;
    }
}
