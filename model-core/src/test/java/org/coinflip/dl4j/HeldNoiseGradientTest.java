package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Units whose samples are a differentiable function of the logit and the noise, by central differences of DL4J's score with the noise
 * held: DL4J's own check wants double precision and no noise.
 */
@Tag("numerical")
class HeldNoiseGradientTest {
    private static final int BATCH = 40;

    /** Truncation is about a step's square; where a step crosses a kink, an example is off by more. */
    private static final float STEP = 0x1p-8f;

    /** Besides, what scores of about 2 are rounded by. */
    private static final double TOLERANCE = 2e-3 + Rounding.of(Rounding.forward(5, 6, 7, 3), 2) / STEP;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = noisy-rectifier, noise = logistic }",
                "{ type = noisy-rectifier, noise = gaussian, scale = 0.5 }",
                "{ type = concrete, temperature = 0.9 }"
            })
    void agreesWithCentralDifferences(String law) {
        Examples examples = Networks.random(BATCH, 5, 3, 8);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(21)
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .layer(new StochasticDenseLayer.Builder()
                        .nIn(6)
                        .nOut(7)
                        .law(law)
                        .build())
                .layer(new LearningSignalOutputLayer.Builder().nIn(7).nOut(3).build())
                .build());
        network.init();
        DataSet batch = Dl4jNetworks.batch(examples, 0, BATCH);
        network.setInput(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        float[] gradient = network.getGradientsViewArray().toFloatVector();
        INDArray parameters = network.params();
        double largest = 0;
        for (int i = 0; i < gradient.length; i++) {
            float value = parameters.getFloat(i);
            parameters.putScalar(i, value + STEP);
            network.computeGradientAndScore();
            double above = network.score();
            parameters.putScalar(i, value - STEP);
            network.computeGradientAndScore();
            double below = network.score();
            parameters.putScalar(i, value);
            double expected = (above - below) / (2 * STEP);
            assertEquals(expected, gradient[i] / BATCH, TOLERANCE * (1 + Math.abs(expected)), "parameter " + i);
            largest = Math.max(largest, Math.abs(expected));
        }
        assertTrue(largest > 0.01, "a gradient of nothing proves nothing");
    }
}
