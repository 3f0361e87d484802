package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class EvaluatorTest {
    private static final int WIDTH = 784;
    private static final int BATCH = 256;
    private static final int EXAMPLES = 600;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = stochastic, units = 200, law = bernoulli, estimator = straight-through }",
                "{ type = gated-experts, experts = 5, units = 20, hidden = [7], compute = sparse, gate.initial-bias = -1 }",
                "{ type = tree-experts, depth = 4, units = 5, activation = tanh }"
            })
    void anExamplesPredictionsAreTheSameBitsWhateverItsNeighbours(String layer) {
        Network network = new Network(NetworkSpec.read(
                Section.root(ConfigFactory.parseString("layers = [" + layer + ", { type = output, units = 10 } ]")),
                WIDTH));
        State state = new State(network.layout());
        network.initialise(state, 1);
        Examples examples = examples();
        for (Mode mode : new Mode[] {Mode.SAMPLES, Mode.MEANS}) {
            Evaluator evaluator =
                    new Evaluator(network, state, new EvaluationSpec(mode, 2), Backend.detect(), BATCH, 3);
            float[][] alone = new float[EXAMPLES][];
            for (int i = 0; i < EXAMPLES; i += 7) {
                Examples one = examples.select(new int[] {i});
                alone[i] = row(evaluator.predict(one, 0, 1), 0);
            }
            for (int count : new int[] {2, 3, 47, 100, BATCH}) {
                for (int start = 0; start + count <= EXAMPLES; start += count) {
                    Matrix together = evaluator.predict(examples, start, count);
                    for (int r = 0; r < count; r++) {
                        if (alone[start + r] != null) {
                            int example = start + r;
                            for (int j = 0; j < together.columns(); j++) {
                                assertEquals(alone[example][j], together.get(r, j), () -> "example " + example);
                            }
                        }
                    }
                }
            }
        }
    }

    private static float[] row(Matrix predictions, int r) {
        float[] row = new float[predictions.columns()];
        for (int j = 0; j < row.length; j++) {
            row[j] = predictions.get(r, j);
        }
        return row;
    }

    private static Examples examples() {
        Random random = new Random(5);
        float[] features = new float[EXAMPLES * WIDTH];
        for (int k = 0; k < features.length; k++) {
            features[k] = (float) random.nextGaussian();
        }
        long[] ids = IntStream.range(0, EXAMPLES).mapToLong(i -> i).toArray();
        return Examples.ofFloats(WIDTH, 10, ids, new int[EXAMPLES], features);
    }
}
