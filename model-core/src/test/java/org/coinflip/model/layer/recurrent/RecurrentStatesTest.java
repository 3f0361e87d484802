package org.coinflip.model.layer.recurrent;

import static org.coinflip.model.layer.recurrent.Sequences.BATCH;
import static org.coinflip.model.layer.recurrent.Sequences.CLASSES;
import static org.coinflip.model.layer.recurrent.Sequences.UNITS;
import static org.coinflip.model.layer.recurrent.Sequences.WIDTH;
import static org.coinflip.model.layer.recurrent.Sequences.examples;
import static org.coinflip.model.layer.recurrent.Sequences.network;
import static org.coinflip.model.layer.recurrent.Sequences.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What states depend on: their own sequence up to its end and no other; and what forget gates start at. */
@Tag("numerical")
class RecurrentStatesTest {
    private static final Backend BACKEND = Backend.detect();

    /** What a sequence comes out as is a function of it alone: not of its place, nor of how long the others are. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = gru | MEANS",
                "type = gru, padded = true | MEANS",
                "type = lstm, padded = true | MEANS",
                "type = recurrent, padded = true | MEANS",
                "type = gru, padded = true, skip {} | MEANS",
                "type = gru, padded = true, skip {} | THRESHOLDS",
                "type = recurrent, skip { initial-bias = 0 } | SAMPLES",
                "type = recurrent, law = bernoulli, padded = true | SAMPLES",
                "type = recurrent, law = stochastic-times-smooth, padded = true | MEANS"
            })
    void anExampleHasTheSameBitsInAnyBatch(String keys, Mode mode) {
        Network network = network(keys);
        State state = Networks.state(network, 3, 0.7);
        Examples examples = examples(sequences(true), new int[BATCH]);
        EvaluationSpec spec = new EvaluationSpec(mode, 1);
        Matrix together = new Evaluator(network, state, spec, BACKEND, BATCH, 1).predict(examples, 0, BATCH);
        for (int i = 0; i < BATCH; i++) {
            Matrix alone = new Evaluator(network, state, spec, BACKEND, BATCH, 1).predict(examples, i, 1);
            for (int k = 0; k < CLASSES; k++) {
                assertEquals(together.get(i, k), alone.get(0, k), "example " + i);
            }
        }
    }

    /** Steps of zeros at the end are none, and steps of zeros between others are some. */
    @Test
    void paddingIsAtTheEndAlone() {
        Network network = network("type = gru, padded = true");
        State state = Networks.state(network, 3, 0.7);
        float[][] features = new float[3][WIDTH];
        features[0][0] = 1;
        features[1][WIDTH - 1] = 1e-30f;
        features[1][0] = 1;
        Pass pass = network.bind(state, null, BACKEND, 3);
        pass.load(examples(features, new int[3]), Networks.places(3), 3);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        Matrix states = pass.output(0);
        for (int j = 0; j < UNITS; j++) {
            assertNotEquals(states.get(0, j), states.get(1, j));
            assertEquals(0f, states.get(2, j), "no step at all");
        }
    }

    @Test
    void biasesOfForgetGatesStartAtOne() {
        Network lstm = network("type = lstm");
        State state = new State(lstm.layout());
        lstm.initialise(state, 1);
        for (String gate : new String[] {"input", "forget", "output", "candidate"}) {
            for (float bias : state.view("layer0." + gate + ".biases").toArray()) {
                assertEquals(gate.equals("forget") ? 1f : 0f, bias, gate);
            }
        }
        Network gru = network("type = gru, initial-bias = 2");
        state = new State(gru.layout());
        gru.initialise(state, 1);
        assertEquals(2f, state.view("layer0.update.biases").get(0));
        assertEquals(0f, state.view("layer0.reset.biases").get(0));
    }
}
