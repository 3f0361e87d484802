package org.coinflip.model.energy;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;

/** The gradient of all weights that one step of plain descent takes from the parameters, in the net's order. */
final class StepGradient {
    /** So great that a step is not rounded as the weight that it is taken from. */
    private static final double RATE = 4096;

    private StepGradient() {}

    /** @param layer its keys, with places for ρ, the objective and the rule */
    static double[] of(Nets net, FiringRate rho, String layer, String rule) {
        Network network = Networks.of(
                3, String.format(layer, Section.name(rho), net.softmax ? "cross-entropy" : "squared-error", rule));
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.parseString(
                "batch = 1, updater { type = Sgd, learning-rate = " + RATE + " }")));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        State state = learner.state();
        double[] before = new double[15 + 20 + 8];
        int at = 0;
        for (int l = 0; l < 3; l++) {
            String number = l == 0 ? "" : String.valueOf(l);
            for (int i = 0; i < net.sizes[l]; i++) {
                for (int j = 0; j < net.sizes[l + 1]; j++) {
                    state.matrix("layer0.weights" + number).set(i, j, (float) net.weights[l][i][j]);
                    before[at++] = (float) net.weights[l][i][j];
                }
            }
            for (int j = 0; j < net.sizes[l + 1]; j++) {
                state.view("layer0.biases" + number).set(j, (float) net.biases[net.first(l + 1) + j]);
            }
        }
        // a double network clamps ρ(x), the layer x itself
        float[] rates = new float[3];
        for (int i = 0; i < 3; i++) {
            rates[i] = (float) rho.rate(net.input[i]);
        }
        Examples example = Examples.ofFloats(3, 2, new long[] {7}, new int[] {1}, rates);
        learner.step(example, new int[] {0}, 1, new Progress(1, 1).at(0));
        at = 0;
        for (int l = 0; l < 3; l++) {
            String number = l == 0 ? "" : String.valueOf(l);
            for (int i = 0; i < net.sizes[l]; i++) {
                for (int j = 0; j < net.sizes[l + 1]; j++) {
                    before[at] = (before[at]
                                    - state.matrix("layer0.weights" + number).get(i, j))
                            / RATE;
                    at++;
                }
            }
        }
        return before;
    }
}
