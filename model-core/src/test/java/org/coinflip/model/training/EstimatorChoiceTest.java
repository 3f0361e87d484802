package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.registry.Auto;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimators that are chosen while a network learns. */
@Tag("numerical")
class EstimatorChoiceTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int STEPS = 6;

    private static Network network(String estimator) {
        return Networks.of(
                4,
                "{ type = stochastic, units = 5, estimator = straight-through }",
                "{ type = stochastic, units = 3, estimator = " + estimator + " }",
                "{ type = output, units = 3 }");
    }

    private static Learner learner(Network network) {
        TrainingSpec spec = LearnerTest.training("batch = 8, updater { type = Adam, learning-rate = 0.05 }");
        Learner learner = new Learner(network, spec, BACKEND, 1);
        network.initialise(learner.state(), 1);
        return learner;
    }

    /** Takes steps from one number on, of epochs of STEPS. */
    private static void train(Learner learner, int from, int to) {
        Progress progress = new Progress(STEPS, 4);
        for (int step = from; step < to; step++) {
            learner.step(Networks.random(8, 4, 3, step), Networks.places(8), 8, progress.at(step));
        }
    }

    /** The place of the second layer's estimator in force. */
    private static int chosen(Learner learner) {
        return Auto.best(learner.state().view("layer1." + Auto.CHOSEN));
    }

    private static float[] parameters(Learner learner) {
        return learner.state().parameters().toArray();
    }

    /** The statistics that a candidate alone has are learned by it alone, so that its training is that of a network with it. */
    @ParameterizedTest
    @ValueSource(strings = {"reinforce", "disarm", "rebar", "{ type = rloo, samples = 3 }"})
    void anEpochWithAChosenEstimatorIsOneOfANetworkWithIt(String estimator) {
        Network network = network("{ type = auto, among = [straight-through, " + estimator + "] }");
        Learner choosing = learner(network);
        choosing.state().view("layer1." + Auto.SCORES).set(1, 1f);
        Learner fixed = learner(network(estimator));
        fixed.state().setParameters(choosing.state());
        for (var segment : fixed.state().layout().segments()) {
            fixed.state().view(segment).set(choosing.state().view(segment.name()));
        }
        train(choosing, STEPS, 2 * STEPS);
        train(fixed, STEPS, 2 * STEPS);
        assertArrayEquals(parameters(fixed), parameters(choosing));
        assertEquals(1, chosen(choosing));
    }

    /** What an epoch's beginning chose holds whoever goes on with its state, until the next begins. */
    @Test
    void aChoiceHoldsForAnEpochAndIsInTheState() {
        Network network = network("{ type = auto, among = [straight-through, exact], cost = none }");
        Learner whole = learner(network);
        Learner half = learner(network);
        train(whole, 0, 3);
        Floats numbers = Floats.allocate(Learner.layout(
                        network, LearnerTest.training("batch = 8, updater { type = Adam, learning-rate = 0.05 }"))
                .length());
        assertEquals(1, chosen(whole), "the exact gradient");
        // what another epoch would choose
        whole.state().view("layer1." + Auto.SCORES).set(0, 1f);
        whole.store(numbers);
        half.load(numbers);
        train(whole, 3, 2 * STEPS);
        train(half, 3, 2 * STEPS);
        assertArrayEquals(parameters(whole), parameters(half));
        assertEquals(0, chosen(whole), "of equal scores the first");
    }

    /**
     * One unit above a batch of one example x, whose loss is a table's, f(0) and f(1): ĝ of the weights is a multiple of x, and has the part E[g]² / E[g²] of the
     * steepest descent when n is 1, which for the score times the loss is {@code p(1 − p)(f(1) − f(0))² / ((1 − p) f(1)² + p f(0)²)}.
     */
    @ParameterizedTest
    @CsvSource({"0.4, 1, 3", "-1, 2, -1", "0, 1, 0.5"})
    void scoresAreThePartOfTheSteepestDescent(double bias, double none, double one) {
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 1, initial-bias = " + bias
                        + ", estimator { type = auto, among = [exact, { type = reinforce, baseline = none }], reference = exact, cost = none, steps = 1, draws = 20000 } }",
                "{ type = function, function { type = table, values = [" + none + ", " + one + "] } }");
        TrainingSpec spec = LearnerTest.training("batch = 1, updater { type = Sgd, learning-rate = 0.1 }");
        Learner learner = new Learner(network, spec, BACKEND, 1);
        network.initialise(learner.state(), 1);
        Examples examples = Networks.random(1, 2, 1, 5);
        double p = probability(learner, bias);
        learner.step(examples, Networks.places(1), 1, new Progress(1, 1).at(0));
        Floats scores = learner.state().view("layer0." + Auto.SCORES);
        assertEquals(1, scores.get(0), Rounding.gamma(64), "the gradient itself");
        double expected = p * (1 - p) * Math.pow(one - none, 2) / ((1 - p) * one * one + p * none * none);
        // a mean of 20,000 draws: five deviations of its square's quotient, an error in two million
        double deviation = 5 * 2 * Math.sqrt(expected * (1 - expected) / 20000);
        assertEquals(expected, scores.get(1), deviation + 5.0 / 20000);
    }

    /**
     * One unit and a loss linear in it: straight-through is the exact gradient divided by p(1 − p), and the surrogate of the sigmoid's derivative the gradient
     * itself.
     */
    @Test
    void whatIsBiasedIsMadeAsLongAsTheGradient() {
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 1, initial-bias = 0.7, estimator { type = auto, among = [straight-through, { type = straight-through, derivative = sigmoid },"
                        + " reinforce], reference = exact } }",
                "{ type = function, function { type = linear, weights = [3] } }");
        TrainingSpec spec = LearnerTest.training("batch = 1, updater { type = Sgd, learning-rate = 0.1 }");
        Learner learner = new Learner(network, spec, BACKEND, 1);
        network.initialise(learner.state(), 1);
        double p = probability(learner, 0.7);
        learner.step(Networks.random(1, 2, 1, 5), Networks.places(1), 1, new Progress(1, 1).at(0));
        float[] scales = learner.state().view("layer0." + Auto.SCALES).toArray();
        assertEquals(p * (1 - p), scales[0], 1e-6);
        assertEquals(1, scales[1], 1e-6);
        assertEquals(1, scales[2], 0, "what has no bias is left alone");
    }

    private static double probability(Learner learner, double bias) {
        float[] features = new float[2];
        Networks.random(1, 2, 1, 5).features().read(0, features, 0);
        double logit = bias;
        for (int i = 0; i < 2; i++) {
            logit += features[i] * learner.state().matrix("layer0.weights").get(i, 0);
        }
        return 1 / (1 + Math.exp(-logit));
    }

    @Test
    void costIsOfMultiplyAdds() {
        double[] scores = scores("cost = none");
        double[] worth = scores("cost = work");
        assertEquals(scores[0], worth[0], 0, "straight-through is the cheapest");
        // 8 (4 · 5 + 5 · 3 + 3 · 3) forward, as many for gradients of weights, and of inputs but of the lowest layer;
        // local expectations
        // are the layer above at both values of three units instead of the gradient from above
        double straightThrough = 8 * (44 + 44 + 24);
        double cost = (straightThrough - 8 * 9 + 3 * 8 * 9) / straightThrough;
        // s = d / (e + v c / n): of three n, d, e and v are had
        double[] twice = scores("cost = none, steps = 20");
        assertTrue(worth[1] < scores[1] && scores[1] < twice[1]);
        double perDraw = (1 / scores[1] - 1 / twice[1]) * 20;
        assertEquals(1 / scores[1] + (cost - 1) * perDraw / 10, 1 / worth[1], 1e-4 / worth[1], "floats of differences");
    }

    private static double[] scores(String cost) {
        Learner learner =
                learner(network("{ type = auto, among = [straight-through, local-expectation], " + cost + " }"));
        train(learner, 0, 1);
        Floats scores = learner.state().view("layer1." + Auto.SCORES);
        return new double[] {scores.get(0), scores.get(1)};
    }

    @Test
    void measurementChangesNothingElse() {
        Network once = network("{ type = auto, among = [reinforce, disarm], every = 100 }");
        Network often = network("{ type = auto, among = [reinforce, disarm], every = 1 }");
        Learner one = learner(once);
        Learner other = learner(often);
        train(one, 0, STEPS);
        train(other, 0, STEPS);
        assertArrayEquals(parameters(one), parameters(other));
        List<LayerStatistics> measured =
                Measurement.measure(often, copy(often, other), Networks.random(8, 4, 3, 1), 8, 2, BACKEND, 1);
        assertEquals(
                List.of("reinforce", "disarm").get(chosen(other)),
                measured.get(1).estimator());
        assertEquals(
                List.of("reinforce", "disarm"),
                List.copyOf(measured.get(1).candidates().keySet()));
        assertTrue(measured.get(0).candidates().isEmpty());
        assertFalse(measured.get(1).candidates().containsValue(0.0), "both were measured");
    }

    private static State copy(Network network, Learner learner) {
        var state = new State(network.layout());
        learner.storeNetwork(state);
        return state;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = auto, among = [disarm] } | at least two estimators",
                "{ type = auto } | at least two estimators",
                "{ type = auto, among = [disarm, vimco] } | mean loss",
                "{ type = auto, among = [disarm, pathwise] } | for bernoulli units",
                "{ type = auto, among = [disarm, 3] } | a list of sections, or of their types alone",
                "{ type = auto, among = [disarm, auto] } | auto",
                "{ type = auto, among = [disarm, reinforce], reference = straight-through } | no bias",
                "{ type = auto, among = [disarm, reinforce], draws = 1 } | draws",
                "{ type = auto, among = [disarm, reinforce], cost = seconds } | work"
            })
    void refusesInALine(String estimator, String part) {
        UsageException refused = assertThrows(UsageException.class, () -> network(estimator));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void aLayerOfTheSameNamesHasThemNumbered() {
        Network network =
                network("{ type = auto, among = [reinforce, { type = reinforce, baseline = none }, disarm] }");
        Auto auto = (Auto) ((StochasticLayer) network.layers().get(1)).estimator();
        assertEquals(List.of("reinforce", "reinforce 2", "disarm"), auto.names());
        assertEquals(network.spec().write(), network(render(auto)).spec().write());
    }

    private static String render(Auto auto) {
        return ConfigFactory.parseMap(auto.write()).root().render();
    }

    @Test
    void theFirstOfEqualScoresIsBest() {
        assertEquals(0, Auto.best(Floats.of(new float[3])));
        assertEquals(1, Auto.best(Floats.of(new float[] {1, 2, 2})));
    }
}
