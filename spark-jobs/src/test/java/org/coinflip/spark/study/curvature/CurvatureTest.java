package org.coinflip.spark.study.curvature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.noise.NoiseKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class CurvatureTest {
    private static final int N = 40;

    private static Examples examples() {
        Random random = new Random(3);
        float[] features = new float[N * 4];
        int[] labels = new int[N];
        long[] ids = new long[N];
        for (int t = 0; t < N; t++) {
            ids[t] = t;
            for (int j = 0; j < 4; j++) {
                features[t * 4 + j] = (float) random.nextGaussian();
            }
            labels[t] = features[t * 4] * features[t * 4 + 1] > 0 ? 1 : random.nextInt(3);
        }
        return Examples.ofFloats(4, 3, ids, labels, features);
    }

    private static ShortcutNetwork trained(Variant variant) {
        return variant.train(examples(), List.of(5, 4), 30, 2);
    }

    private static final Variant TRANSFORMED = new Variant("all", true, true, true, true, 0.5);
    private static final Variant PLAIN = new Variant("plain", false, false, false, false, 0.5);

    @Test
    void allShortcutsOfTheStudysNetworkMake2600Weights() {
        Examples wide = Examples.ofFloats(30, 10, new long[2], new int[2], new float[60]);
        assertEquals(2600, TRANSFORMED.train(wide, List.of(25, 20), 1, 1).size());
        assertEquals(1450, PLAIN.train(wide, List.of(25, 20), 1, 1).size());
    }

    /** The mapping is that of the network which training has, and over the examples Σ f = Σ f' = 0 and mean f² · mean f'² = 1. */
    @Test
    void transformedUnitsKeepTheMappingAndItsConstraintsHold() {
        Variant variant = TRANSFORMED;
        Network network = variant.network(List.of(5, 4), 4, 3);
        State state = new State(network.layout());
        Random random = new Random(5);
        for (int i = 0; i < network.layout().parameters(); i++) {
            state.parameters().set(i, (float) (0.7 * random.nextGaussian()));
        }
        Pass pass = network.bind(state, null, Backend.detect(), N);
        pass.load(examples(), IntStream.range(0, N).toArray(), N);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        ShortcutNetwork transformed = variant.inCoordinates(state, examples(), List.of(5, 4));
        Inputs inputs = Inputs.of(examples(), N);
        Trace trace = new Trace(transformed.widths());
        double[][] sums = new double[4][9];
        for (int t = 0; t < N; t++) {
            transformed.forward(transformed.weights(), inputs.features(t), inputs.label(t), trace);
            for (int j = 0; j < 3; j++) {
                // sums of 4, 9 and 13 products, biases and functions: 50 roundings to u = 2⁻²⁴ of numbers of about 3
                assertEquals(pass.output().get(t, j), trace.y()[3][j], 50 * 3 * 0x1p-24);
            }
            for (int unit = 0; unit < 9; unit++) {
                int layer = unit < 5 ? 1 : 2;
                int j = unit < 5 ? unit : unit - 5;
                double f = trace.y()[layer][j];
                double slope = transformed.slope(trace, layer, j);
                sums[0][unit] += f / N;
                sums[1][unit] += slope / N;
                sums[2][unit] += f * f / N;
                sums[3][unit] += slope * slope / N;
            }
        }
        for (int unit = 0; unit < 9; unit++) {
            assertEquals(0, sums[0][unit], 1e-12);
            assertEquals(0, sums[1][unit], 1e-12);
            assertEquals(1, sums[2][unit] * sums[3][unit], 1e-12);
        }
    }

    @Test
    void gradientsAndProductsMatchDifferences() {
        Inputs inputs = Inputs.of(examples(), N);
        for (Variant variant : List.of(TRANSFORMED, PLAIN)) {
            ShortcutNetwork network = trained(variant);
            int n = network.size();
            double[] weights = network.weights();
            double[] gradient = new double[n];
            double[] above = new double[n];
            double[] below = new double[n];
            network.gradient(weights, inputs, gradient);
            Random random = new Random(1);
            double[] v = random.doubles(n, -1, 1).toArray();
            double along = 0;
            for (int i = 0; i < n; i++) {
                along += gradient[i] * v[i];
            }
            double step = 1e-5;
            double lossAbove = network.gradient(moved(weights, v, step), inputs, above);
            double lossBelow = network.gradient(moved(weights, v, -step), inputs, below);
            assertEquals((lossAbove - lossBelow) / (2 * step), along, 1e-8);
            double[] product = network.product(v, inputs);
            for (int i = 0; i < n; i++) {
                assertEquals((above[i] - below[i]) / (2 * step), product[i], 1e-8);
            }
        }
    }

    private static double[] moved(double[] weights, double[] v, double step) {
        double[] moved = weights.clone();
        for (int i = 0; i < v.length; i++) {
            moved[i] += step * v[i];
        }
        return moved;
    }

    @Test
    void descentLowersTheLossOfTheNetworkThatIsLookedAt() {
        Inputs inputs = Inputs.of(examples(), N);
        double[] losses = new double[2];
        int[] epochs = {1, 300};
        for (int i = 0; i < 2; i++) {
            ShortcutNetwork network = TRANSFORMED.train(examples(), List.of(5, 4), epochs[i], 2);
            losses[i] = network.gradient(network.weights(), inputs, new double[network.size()]);
        }
        assertTrue(losses[1] < 0.8 * losses[0], losses[0] + " to " + losses[1]);
    }

    @Test
    void spectrumSpreadAndAnglesOfAKnownMatrix() {
        // eigenvalues 3 and −1 along (1, 1) and (1, −1)
        Curvature curvature = Curvature.of(new double[] {1, 2, 2, 1}, new double[] {1, 0}, List.of(0.5, 2.0, 1e9));
        assertArrayEquals(new double[] {3, -1}, curvature.eigenvalues(), 1e-12);
        assertEquals(1, curvature.negative());
        assertEquals(0, curvature.diagonalSpread(), 1e-12);
        assertEquals(0, curvature.asymmetry());
        assertTrue(Double.isNaN(curvature.angles().get(0)), "H + ½I is not positive definite");
        // (H + 2I)⁻¹ (1, 0) ∝ (3, −2)
        assertEquals(Math.toDegrees(Math.atan2(2, 3)), curvature.angles().get(1), 1e-9);
        assertEquals(0, curvature.angles().get(2), 1e-5);
    }

    @Test
    void fisherBlocksAreThoseOfTheMatrixItself() {
        ShortcutNetwork network = trained(TRANSFORMED);
        Inputs inputs = Inputs.of(examples(), N);
        FisherBlocks blocks = new FisherBlocks(network, inputs, 9);
        assertEquals(List.of("0→1", "0→2", "1→2", "0→3", "1→3", "2→3"), blocks.names());
        int n = network.size();
        double[] fisher = new double[n * n];
        NoiseKey key = new NoiseKey(9, 0, NoiseKey.STUDY);
        for (int t = 0; t < N; t++) {
            double[] score = network.score(inputs.features(t), key.uniform(t));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    fisher[i * n + j] += score[i] * score[j];
                }
            }
        }
        // 1→3 is group 4, 2→3 is group 5
        double sum = 0;
        for (int i = 0; i < network.length(1, 3); i++) {
            for (int j = 0; j < network.length(2, 3); j++) {
                int a = network.offset(1, 3) + i;
                int b = network.offset(2, 3) + j;
                sum += fisher[a * n + b] * fisher[a * n + b] / (fisher[a * n + a] * fisher[b * n + b]);
            }
        }
        assertEquals(
                Math.sqrt(sum / (network.length(1, 3) * network.length(2, 3))),
                blocks.shared().get(4).get(5),
                1e-9);
    }
}
