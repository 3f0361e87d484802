package org.coinflip.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;

/**
 * Where the noise in a step comes from: the variance of g, the gradient of a batch's mean loss by a layer's parameters, by the law of total variance,
 *
 * <pre>  Var g = Var_batch E[g | batch] + E_batch Var[g | batch] </pre>
 *
 * of which the first is the examples' and the second the coins'. Some batches are passed forward and backward under several draws each: what a batch's draws vary by is the
 * coins' part, what the means of batches vary by, less the coins' part of that, the data's. Both are sums over the layer's parameters and have no bias, but that
 * one below 0 is 0. A larger batch makes both smaller alike; more samples of each example, or an estimator with less variance, the coins' alone.
 *
 * @param layer the layer's number
 * @param signal |E g|²
 * @param data the examples' part
 * @param coins the coins' part
 */
public record StepVariance(int layer, double signal, double data, double coins) {
    /** Noise is that of an epoch that training does not reach, of draws that {@link Measurement} does not take. */
    private static final int EPOCH = Integer.MAX_VALUE - 1;

    /**
     * Of every stochastic layer; none where there are fewer than two whole batches.
     *
     * @param state not modified
     * @param batch examples a batch
     * @param batches how many, from the first example on; at most as many as there are
     * @param draws of each batch, at least 2
     */
    public static List<StepVariance> measure(
            Network trained,
            State state,
            Examples examples,
            int batch,
            int batches,
            int draws,
            Backend backend,
            long seed) {
        int count = Math.min(batches, examples.size() / batch);
        return count < 2
                ? List.of()
                : new Sums(trained, new GradientDraws(EstimatorChoice.inForce(trained, state), state, backend, batch))
                        .over(examples, batch, count, draws, seed);
    }

    /** The part of the noise that is the coins'; 0 where there is none. */
    public double partOfCoins() {
        return data + coins == 0 ? 0 : coins / (data + coins);
    }

    /** Sums over draws and batches. */
    private static final class Sums {
        private final Network network;
        private final GradientDraws draws;
        private final double[] gradient;
        private final double[] mean;
        private final double[] grand;

        Sums(Network network, GradientDraws draws) {
            this.network = network;
            this.draws = draws;
            this.gradient = new double[draws.layout().parameters()];
            this.mean = new double[gradient.length];
            this.grand = new double[gradient.length];
        }

        List<StepVariance> over(Examples examples, int batch, int batches, int count, long seed) {
            int layers = network.layers().size();
            double[] squares = new double[layers];
            double[] means = new double[layers];
            int[] places = new int[batch];
            for (int m = 0; m < batches; m++) {
                int first = m * batch;
                Arrays.setAll(places, i -> first + i);
                draws.load(examples, places, batch, 0);
                Arrays.fill(mean, 0);
                for (int draw = 0; draw < count; draw++) {
                    Floats drawn = draws.draw(seed, EPOCH, GradientDraws.APART + draw);
                    for (int i = 0; i < mean.length; i++) {
                        gradient[i] = drawn.get(i);
                        mean[i] += gradient[i] / count;
                    }
                    add(gradient, squares);
                }
                for (int i = 0; i < mean.length; i++) {
                    grand[i] += mean[i] / batches;
                }
                add(mean, means);
            }
            double[] ofGrand = new double[layers];
            add(grand, ofGrand);
            List<StepVariance> all = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                if (network.layers().get(layer) instanceof StochasticLayer) {
                    double within = (squares[layer] - count * means[layer]) / (batches * (count - 1.0));
                    double between = (means[layer] - batches * ofGrand[layer]) / (batches - 1.0);
                    double coins = Math.max(0, within);
                    double data = Math.max(0, between - within / count);
                    double signal = Math.max(0, ofGrand[layer] - between / batches);
                    all.add(new StepVariance(layer, signal, data, coins));
                }
            }
            return all;
        }

        private void add(double[] vector, double[] squares) {
            for (Segment segment : draws.layout().segments()) {
                if (segment.isParameter()) {
                    int layer = Network.layer(segment);
                    for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                        squares[layer] += vector[i] * vector[i];
                    }
                }
            }
        }
    }
}
