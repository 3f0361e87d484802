package org.coinflip.model.estimator.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.Toy;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The K-sample bound, enumerated over all K samples, and its gradient by central differences. */
@Tag("numerical")
@Tag("statistical")
class VimcoTest {
    private static final float[] INPUT = {0.8f, 0.1f, 0.4f};
    private static final int BATCH = 64;
    private static final int PASSES = 800;

    private static Network network(int samples, String prior, String output) {
        return Networks.of(
                3,
                "{ type = stochastic, units = 2, " + prior + " estimator { type = vimco, samples = " + samples + " } }",
                "{ type = dense, units = 2, activation = tanh }",
                output);
    }

    /** Of all parameters: the encoder's, the prior's, and those above. A comparison errs with a probability of 7e-6. */
    @ParameterizedTest
    @CsvSource({"2, ''", "3, ''", "2, 'prior = learned,'", "4, 'prior = learned,'"})
    void isUnbiasedForTheBound(int samples, String prior) {
        Network network = network(samples, prior, "{ type = output, units = 3, objective = bernoulli-reconstruction }");
        State state = Networks.state(network, 23, 0.8);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradientOfBound(samples);
        Draw.gradients(network, state, Networks.copies(BATCH, 3, 1, INPUT), PASSES)
                .assertAgrees(exact, samples + " samples, " + prior);
    }

    @Test
    void isUnbiasedForTheLikelihoodOfALabelBelowWhichALayerIsBackPropagatedThrough() {
        Network network = network(3, "", "{ type = output, units = 2 }");
        State state = Networks.state(network, 5, 1);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradientOfBound(3);
        Draw.gradients(network, state, Networks.copies(BATCH, 2, 0, INPUT), PASSES)
                .assertAgrees(exact, "label");
    }

    /** Stacks of layers, whose particles are enumerated whole; the dense layer between learns of the units above it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = vimco, samples = 2 } | 2",
                "{ type = vimco, samples = 3 } | 3",
                "{ type = ovis, samples = 2, gamma = 0.3 } | 2",
                "{ type = ovis, samples = 3 } | 3"
            })
    void stacksAreUnbiasedForTheBound(String estimator, int samples) {
        String units = "{ type = stochastic, units = 2, estimator = " + estimator + " }";
        holdStack(
                samples,
                units,
                "{ type = dense, units = 2, activation = tanh }",
                units,
                "{ type = output, units = 2 }");
        if (samples == 2) {
            String one = "{ type = stochastic, units = 1, estimator = " + estimator + " }";
            holdStack(samples, units, one, units, "{ type = output, units = 2, objective = squared-error }");
        }
    }

    /** A belief network of two layers, log q of both part of the loss: the importance-weighted bound. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = vimco, samples = 2 } | 2",
                "{ type = vimco, samples = 3 } | 3",
                "{ type = ovis, samples = 3, gamma = 0.5 } | 3"
            })
    void beliefNetworksAreUnbiasedForTheBound(String estimator, int samples) {
        holdStack(
                samples,
                "{ type = stochastic, units = 2, prior = conditional, estimator = " + estimator + " }",
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = stochastic, units = 2, prior = learned, estimator = " + estimator + " }",
                "{ type = likelihood, of = 0, units = 2 }",
                "{ type = output, units = 3, objective = bernoulli-reconstruction }");
    }

    private static void holdStack(int samples, String... layers) {
        Network network = Networks.of(3, layers);
        State state = Networks.state(network, 23, 0.8);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradientOfBound(samples);
        Draw.gradients(network, state, Networks.copies(BATCH, 3, 1, INPUT), PASSES)
                .assertAgrees(exact, String.join(", ", layers));
    }

    /** One draw of the K = 3 particles at both layers: the upper one's estimate is −Σ_k w̃_k (b − p), as the lower one's is. */
    @Test
    void reweightedWakeSleepWeighsTheParticlesAtEveryLayer() {
        String units = "{ type = stochastic, units = 2, estimator { type = reweighted-wake-sleep, samples = 3 } }";
        Network network = Networks.of(3, units, units, "{ type = output, units = 2 }");
        State state = Networks.state(network, 5, 1);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, Backend.detect(), 1);
        Draw.step(pass, Networks.copies(1, 2, 0, INPUT), 0);
        StochasticStage below = pass.stochasticStages().get(0);
        StochasticStage above = pass.stochasticStages().get(1);
        assertEquals(3, above.rows(pass.context()));
        double[] w = new double[3];
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            // what a particle costs is the output's cross-entropy, which the pass has replaced by the bound
            double[] y = new double[2];
            for (int j = 0; j < 2; j++) {
                y[j] = state.view("layer2.biases").get(j);
                for (int i = 0; i < 2; i++) {
                    y[j] += above.samples().get(k, i)
                            * state.view("layer2.weights").get(2 * i + j);
                }
            }
            w[k] = 1 / (1 + Math.exp(y[1] - y[0]));
            sum += w[k];
        }
        for (int j = 0; j < 2; j++) {
            double lower = 0;
            double upper = 0;
            for (int k = 0; k < 3; k++) {
                lower -= w[k]
                        / sum
                        * (below.samples().get(k, j) - below.probabilities().get(0, j));
                upper -= w[k]
                        / sum
                        * (above.samples().get(k, j) - above.probabilities().get(k, j));
            }
            double bound = Rounding.of(Rounding.gradient(3, 3, 2, 2, 2), 3);
            assertEquals(
                    lower,
                    gradient.target(network.layout().segment("layer0.biases")).get(j),
                    bound);
            assertEquals(
                    upper,
                    gradient.target(network.layout().segment("layer1.biases")).get(j),
                    bound);
        }
    }

    @Test
    void aStackReadsWhatItWrites() {
        NetworkSpec spec = Networks.spec(
                3,
                "{ type = stochastic, units = 2, estimator { type = vimco, samples = 3 } }",
                "{ type = stochastic, units = 2, estimator { type = vimco, samples = 3 } }",
                "{ type = output, units = 2 }");
        assertEquals(3, spec.layers().get(0).fanOut());
        assertEquals(1, spec.layers().get(1).fanOut());
        assertEquals(spec, NetworkSpec.read(Section.root(spec.write())));
    }

    @Test
    void refusesOtherLayersAboveItsParticles() {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        3,
                        "{ type = stochastic, units = 2, estimator { type = vimco, samples = 3 } }",
                        "{ type = stochastic, units = 2, estimator { type = vimco, samples = 2 } }",
                        "{ type = output, units = 2 }"));
        assertTrue(
                refused.getMessage().contains("expected the same estimator, with the same keys"), refused.getMessage());
        UsageException other = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        3,
                        "{ type = stochastic, units = 2, estimator = unordered-set }",
                        "{ type = stochastic, units = 2, estimator = unordered-set }",
                        "{ type = output, units = 2 }"));
        assertTrue(other.getMessage().contains("expected it on the topmost"), other.getMessage());
    }

    /** Other estimators of the bound, and other units. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = ovis, samples = 2 } | 2 | prior = learned, | bernoulli | 2",
                "{ type = ovis, samples = 3, gamma = 0.3 } | 3 | prior = learned, | bernoulli | 2",
                "{ type = ovis, samples = 3, gamma = 0 } | 3 | '' | bernoulli | 2",
                "{ type = ovis, samples = 3 } | 3 | '' | { type = categorical, categories = 3 } | 3",
                "{ type = vimco, samples = 3 } | 3 | '' | { type = categorical, categories = 3 } | 3"
            })
    void othersAreUnbiasedForTheBound(String estimator, int samples, String prior, String law, int units) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = " + units + ", law = " + law + ", " + prior + " estimator = " + estimator
                        + " }",
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = output, units = 3, objective = bernoulli-reconstruction }");
        State state = Networks.state(network, 23, 0.8);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradientOfBound(samples);
        Draw.gradients(network, state, Networks.copies(BATCH, 3, 1, INPUT), PASSES)
                .assertAgrees(exact, estimator);
    }

    /** The mean of −Σ w̃ (b − p) over all values of K = 2 samples of one unit, and that it is not the bound's gradient. */
    @Test
    void reweightedWakeSleepHasItsMean() {
        Toy toy = new Toy("{ type = reweighted-wake-sleep, samples = 2 }", 0.7, 0.1);
        double p = toy.p();
        double w1 = Math.exp(-0.81);
        double w0 = Math.exp(-0.01);
        double mixed = (w1 * (1 - p) - w0 * p) / (w1 + w0);
        double expected = -(p * p * (1 - p) + 2 * p * (1 - p) * mixed - (1 - p) * (1 - p) * p);
        toy.draw(500, g -> g).assertAgrees(new double[] {expected}, "reweighted wake-sleep");
    }

    /** The mean of what the pass reports is the bound, which grows with K. */
    @Test
    void reportsTheBound() {
        double below = Double.POSITIVE_INFINITY;
        for (int samples : new int[] {2, 4, 6}) {
            Network network = network(
                    samples, "prior = learned,", "{ type = output, units = 3, objective = bernoulli-reconstruction }");
            State state = Networks.state(network, 23, 0.8);
            double exact = new Enumeration(network, state, 1, INPUT).expectedBound(samples);
            Examples copies = Networks.copies(BATCH, 3, 1, INPUT);
            Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), BATCH);
            Draw draw = new Draw(1);
            for (int i = 0; i < PASSES; i++) {
                Draw.step(pass, copies, i);
                draw.add(new double[] {pass.meanLoss()});
            }
            draw.assertAgrees(new double[] {exact}, samples + " samples");
            assertTrue(exact < below);
            below = exact;
        }
    }

    /** A layer below that is learned by the loss sees the bound, not the mean of the losses. */
    @Test
    void layersBelowLearnFromTheBound() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 2, estimator { type = reinforce, baseline = none } }",
                "{ type = stochastic, units = 2, estimator { type = vimco, samples = 3 } }",
                "{ type = output, units = 2 }");
        State state = Networks.state(network, 5, 1);
        Examples copies = Networks.copies(1, 2, 0, INPUT);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 1);
        Draw.step(pass, copies, 0);
        // one row: the logarithm of a mean, taken in two places
        double loss = pass.meanLoss();
        assertEquals(
                loss, pass.stochasticStages().get(0).losses()[0], Rounding.of(2 * Rounding.FUNCTION + 3, 1 + loss));
    }

    @Test
    void refusesToStandBelowAnotherStochasticLayer() {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        3,
                        "{ type = stochastic, units = 2, estimator = vimco }",
                        "{ type = stochastic, units = 2 }",
                        "{ type = output, units = 2 }"));
        assertTrue(
                refused.getMessage().contains("got vimco below another layer that draws noise"), refused.getMessage());
    }
}
