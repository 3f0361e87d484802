package org.coinflip;

import static org.coinflip.ThreeClasses.COUNT;
import static org.coinflip.ThreeClasses.X;
import static org.coinflip.ThreeClasses.Y;
import static org.coinflip.ThreeClasses.network;
import static org.coinflip.ThreeClasses.refused;
import static org.coinflip.ThreeClasses.trainer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.dl4j.DataSets;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.objective.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.learning.config.Adam;

/** Trainings by the library, and what it refuses. */
class TrainerTest {
    @Test
    void aTrainingIsAFunctionOfSettingsAndExamplesWhateverTheirOrder() {
        Examples examples = Examples.of(X, Y);
        int[] backwards = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            backwards[i] = COUNT - 1 - i;
        }
        String once = trainer().fit(examples).parametersSha256();
        assertEquals(once, trainer().fit(examples.select(backwards)).parametersSha256());
        assertEquals(once, trainer().updater(new Adam(0.01)).fit(examples).parametersSha256());
        assertEquals(
                once,
                Trainer.of(network())
                        .settings(
                                "seed = 9, training { epochs = 3, batch = 10, updater { type = Adam, learning-rate = 0.01 } }")
                        .fit(examples)
                        .parametersSha256());
        assertNotEquals(once, trainer().seed(10).fit(examples).parametersSha256());
    }

    @Test
    void whatIsSetIsReadFromAnExperimentFileAlike() {
        Trainer written =
                Trainer.of(network()).settings(trainer().write().root().render());
        assertEquals(trainer().write(), written.write());
    }

    @Test
    void dataSetsAndTheirIteratorsAreTheSameExamples() {
        Examples examples = Examples.of(X, Y);
        int[] places = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            places[i] = i;
        }
        Examples again = DataSets.examples(DataSets.of(examples, places, COUNT));
        Examples iterated = DataSets.examples(new ViewIterator(DataSets.of(examples, places, COUNT), 7));
        assertArrayEquals(floats(examples), floats(again));
        assertEquals(
                trainer().fit(examples).parametersSha256(), trainer().fit(again).parametersSha256());
        assertArrayEquals(floats(examples), floats(iterated));
    }

    @Test
    void aListenerHearsOfEveryEpochAndPatienceGivesTheBest() {
        Examples valid = Examples.of(X, Y);
        List<Epoch> heard = new ArrayList<>();
        Model model = trainer()
                .sgd(5)
                .epochs(30)
                .validate(valid)
                .patience(2)
                .listener(heard::add)
                .fit(valid);
        double least = heard.stream()
                .mapToDouble(epoch -> epoch.valid().orElseThrow().loss())
                .min()
                .orElseThrow();
        assertEquals(least, model.evaluate(valid).loss(), 1e-12, "the same evaluation of the same parameters");
        assertEquals(1, heard.get(0).number());
        assertTrue(heard.size() < 30, "ends early: " + heard.size());
    }

    /** A nanosecond is over after the first step, which is an epoch of these. */
    @Test
    void timeEndsATrainingWithTheNetworkThatThereIs() {
        List<Epoch> heard = new ArrayList<>();
        Examples examples = Examples.of(X, Y);
        Model model = trainer()
                .epochs(1000)
                .batch(COUNT)
                .settings("training.max-seconds = 1e-9")
                .listener(heard::add)
                .fit(examples);
        assertEquals(1, heard.size());
        assertEquals(trainer().epochs(1).batch(COUNT).fit(examples).parametersSha256(), model.parametersSha256());
    }

    @Test
    void whatIsWrongIsOneLine() {
        refused(DataException.class, () -> Examples.of(X, new int[3]), "96 examples and 3 labels");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}, {Float.NaN}}), "example 1 has NaN");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}, {1, 2}}), "example 1 has 2 features");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}}, new int[] {-1}), "label -1");
        refused(UsageException.class, () -> trainer().fit(Examples.of(X)), "got no labels");
        refused(
                UsageException.class,
                () -> trainer().fit(Examples.of(new float[][] {{1}}, new int[] {0})),
                "1 features");
        int[] five = Y.clone();
        five[0] = 4;
        refused(UsageException.class, () -> trainer().fit(Examples.of(X, five)), "data of 5 classes");
        refused(UsageException.class, () -> trainer().batch(0).fit(Examples.of(X, Y)), "training.batch: got 0");
        refused(
                UsageException.class,
                () -> trainer().settings("training { epoch = 3 }").fit(Examples.of(X, Y)),
                "epochs");
        refused(UsageException.class, () -> trainer().settings("training {"), "settings cannot be read");
        refused(UsageException.class, () -> trainer().patience(1).fit(Examples.of(X, Y)), "validate");
        refused(
                UsageException.class,
                () -> trainer().settings("training.schedule.type = plateau").fit(Examples.of(X, Y)),
                "validate");
        refused(UsageException.class, () -> NetworkBuilder.inputs(0), "inputs: got 0");
        refused(
                UsageException.class,
                () -> NetworkBuilder.inputs(1).dense(0, Activation.TANH).output(2),
                "units");
        refused(UsageException.class, () -> NetworkBuilder.inputs(1).layer("{ type = "), "expected a section");
        Model model = trainer().fit(Examples.of(X, Y));
        refused(UsageException.class, () -> model.predict(new float[2]), "2 features, expected 4");
        refused(UsageException.class, () -> model.evaluate(Examples.of(X)), "without labels");
        refused(UsageException.class, () -> model.spread(X, 1), "at least 2");
    }

    @Test
    void aTrainingThatDivergesSaysSo() {
        Trainer wild = Trainer.of(
                        NetworkBuilder.inputs(4).dense(8, Activation.RELU).output(3, Objective.SQUARED_ERROR))
                .sgd(1e30)
                .epochs(5);
        refused(DivergenceException.class, () -> wild.fit(Examples.of(X, Y)), "diverged");
    }

    private static float[] floats(Examples examples) {
        return ((FloatFeatures) examples.features()).floats();
    }
}
