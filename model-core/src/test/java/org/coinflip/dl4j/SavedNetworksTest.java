package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.coinflip.model.example.Examples;
import org.coinflip.model.oracle.Networks;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;

/** Networks that DL4J saves, restores and clones go on to the same bits as those that were left alone. */
@Tag("numerical")
class SavedNetworksTest {
    private static final Examples EXAMPLES = Networks.random(64, 6, 3, 9);
    private static final int STEPS = 16;

    private static NeuralNetConfiguration.Builder common() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01));
    }

    private static StochasticDenseLayer.Builder units() {
        return new StochasticDenseLayer.Builder().nIn(6).nOut(8);
    }

    private static MultiLayerConfiguration conf(String estimator) {
        return common().list()
                .layer(units().estimator(estimator)
                        .seed(77)
                        .evaluation("samples")
                        .build())
                .layer(units().nIn(8)
                        .law("{ type = noisy-rectifier, noise = gaussian }")
                        .build())
                .layer(new LearningSignalOutputLayer.Builder().nIn(8).nOut(3).build())
                .build();
    }

    private static MultiLayerNetwork network(String estimator) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf(estimator));
        network.init();
        return network;
    }

    private static void train(MultiLayerNetwork network, int steps) {
        for (int i = 0; i < steps; i++) {
            network.fit(Dl4jNetworks.batch(EXAMPLES, i % 4 * 16, i % 4 * 16 + 16));
        }
    }

    private static float[] trained(MultiLayerNetwork network, int steps) {
        train(network, steps);
        return network.params().toFloatVector();
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"straight-through", "{ type = reinforce, kappa = 0.8 }", "{ type = rloo, samples = 2 }", "arm"})
    void configurationsAreWhatTheirJsonSays(String estimator) {
        MultiLayerConfiguration conf = conf(estimator);
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(conf.toJson());
        assertEquals(conf, read);
        assertEquals(conf.toJson(), read.toJson());
        assertEquals(conf, MultiLayerConfiguration.fromYaml(conf.toYaml()));
        assertEquals(conf, conf.clone());
        assertNotEquals(conf, conf("{ type = half }"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"straight-through", "{ type = reinforce, kappa = 0.8 }", "{ type = rloo, samples = 2 }", "arm"})
    void restoredNetworksAndClonesGoOnToTheSameBits(String estimator) throws IOException {
        float[] unbroken = trained(network(estimator), STEPS);
        MultiLayerNetwork first = network(estimator);
        train(first, STEPS / 2);
        MultiLayerNetwork clone = first.clone();
        MultiLayerNetwork restored = restored(first);
        float[] halfway = first.params().toFloatVector();
        assertArrayEquals(unbroken, trained(restored, STEPS / 2));
        assertArrayEquals(halfway, first.params().toFloatVector(), "what others learn does not reach it");
        clone.setIterationCount(STEPS / 2);
        assertArrayEquals(unbroken, trained(clone, STEPS / 2));
        assertArrayEquals(unbroken, trained(first, STEPS / 2));
    }

    @Test
    void networksOfOneConfigurationDoNotHearEachOther() throws InterruptedException {
        String estimator = "{ type = reinforce, baseline = minimum-variance }";
        float[] alone = trained(network(estimator), 100);
        float[][] together = new float[2][];
        Thread[] threads = new Thread[2];
        for (int t = 0; t < threads.length; t++) {
            MultiLayerNetwork network = network(estimator);
            int number = t;
            threads[t] = new Thread(() -> together[number] = trained(network, 100));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertArrayEquals(alone, together[0]);
        assertArrayEquals(alone, together[1]);
    }

    @Test
    void workspacesDoNotChangeTheBits() {
        MultiLayerConfiguration without = conf("disarm");
        without.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        without.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        MultiLayerNetwork network = new MultiLayerNetwork(without);
        network.init();
        assertArrayEquals(trained(network("disarm"), STEPS), trained(network, STEPS));
    }

    @Test
    void predictionsOfSamplesAreTheSameEachTime() {
        MultiLayerNetwork network = network("half");
        var features = Dl4jNetworks.batch(EXAMPLES, 0, 16).getFeatures();
        float[] first = network.output(features).data().asFloat();
        assertArrayEquals(first, network.output(features).data().asFloat());
        for (float unit : network.feedForward(features, false).get(1).ravel().toFloatVector()) {
            assertEquals(unit * unit, unit, "0 or 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"straight-through", "{ type = reinforce }", "{ type = rloo, samples = 3 }"})
    void aGraphOfTheseLayersTrainsAndIsRestored(String estimator) throws IOException {
        MultiLayerConfiguration list = conf(estimator);
        ComputationGraphConfiguration conf = common().graphBuilder()
                .addInputs("in")
                .addLayer("a", list.getConf(0).getLayer().clone(), "in")
                .addLayer("b", list.getConf(1).getLayer().clone(), "a")
                .addLayer("out", list.getConf(2).getLayer().clone(), "b")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(conf.toJson()));
        graph.init();
        MultiLayerNetwork network = network(estimator);
        graph.setParams(network.params());
        for (int i = 0; i < STEPS; i++) {
            graph.fit(Dl4jNetworks.batch(EXAMPLES, 0, 64));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(graph, bytes, true);
        ComputationGraph restored =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
        for (int i = 0; i < STEPS; i++) {
            graph.fit(Dl4jNetworks.batch(EXAMPLES, 0, 64));
            restored.fit(Dl4jNetworks.batch(EXAMPLES, 0, 64));
        }
        assertArrayEquals(graph.params().toFloatVector(), restored.params().toFloatVector());
        assertFalse(
                Arrays.equals(network.params().toFloatVector(), graph.params().toFloatVector()));
    }
}
