package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.FloatFeatures;
import org.junit.jupiter.api.Test;

class SequencesSourceTest {
    private static final int STEPS = 40;
    private static final int EXAMPLES = 4000;

    private static RawData data(SequencesSource.Task task, int examples, long seed) {
        return new SequencesSource(task, STEPS, examples, seed).read(new Configuration());
    }

    private static float[] features(RawExamples examples) {
        return ((FloatFeatures) examples.features()).floats();
    }

    private static int symbol(float[] features, int example, int step, int symbols) {
        int found = -1;
        for (int s = 0; s < symbols; s++) {
            float value = features[(example * STEPS + step) * symbols + s];
            assertTrue(value == 0 || value == 1 && found < 0, "one symbol a step");
            found = value == 1 ? s : found;
        }
        return found;
    }

    @Test
    void aSumIsThatOfTheTwoMarkedNumbers() {
        RawExamples examples = data(SequencesSource.Task.ADDING, EXAMPLES, 3).development();
        float[] features = features(examples);
        double squares = 0;
        int earliest = STEPS;
        int latest = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            float sum = 0;
            int marks = 0;
            for (int t = 0; t < STEPS; t++) {
                float value = features[(i * STEPS + t) * 2];
                float mark = features[(i * STEPS + t) * 2 + 1];
                assertTrue(value > 0 && value < 1);
                if (mark == 1) {
                    assertEquals(marks, t < STEPS / 2 ? 0 : 1, "one in each half");
                    earliest = Math.min(earliest, t);
                    latest = Math.max(latest, t);
                    marks++;
                    sum += value;
                }
            }
            assertEquals(2, marks);
            assertEquals(sum, examples.values(new int[] {i})[0]);
            squares += (sum - 1) * (sum - 1);
        }
        assertEquals(0, earliest);
        assertEquals(STEPS - 1, latest);
        // the square has a mean of 1/6 and a standard deviation of √(7/180): five of those of the mean, wrong once in
        // 1.7 million seeds
        assertEquals(1.0 / 6, squares / EXAMPLES, 5 * Math.sqrt(7.0 / 180 / EXAMPLES));
    }

    @Test
    void anOrderIsThatOfTheTwoSymbolsThatCount() {
        RawExamples examples =
                data(SequencesSource.Task.TEMPORAL_ORDER, EXAMPLES, 3).development();
        float[] features = features(examples);
        int[] counts = new int[4];
        for (int i = 0; i < EXAMPLES; i++) {
            int label = 0;
            int found = 0;
            for (int t = 0; t < STEPS; t++) {
                int symbol = symbol(features, i, t, 6);
                if (symbol < 2) {
                    label = 2 * label + symbol;
                    assertEquals(found == 0 ? 1 : 5, t / (STEPS / 10));
                    found++;
                }
            }
            assertEquals(2, found);
            assertEquals(label, examples.label(i));
            counts[label]++;
        }
        for (int count : counts) {
            assertEquals(EXAMPLES / 4.0, count, 5 * Math.sqrt(EXAMPLES * 3.0 / 16), "each class alike");
        }
    }

    @Test
    void theFirstSymbolIsTheOneToRecall() {
        RawData data = data(SequencesSource.Task.RECALL, EXAMPLES, 3);
        float[] features = features(data.development());
        int[] counts = new int[8];
        for (int i = 0; i < EXAMPLES; i++) {
            assertEquals(symbol(features, i, 0, 8), data.development().label(i));
            counts[symbol(features, i, STEPS - 1, 8)]++;
        }
        for (int count : counts) {
            assertEquals(EXAMPLES / 8.0, count, 5 * Math.sqrt(EXAMPLES * 7.0 / 64), "each symbol alike");
        }
        assertEquals(8, data.classes());
    }

    @Test
    void theFirstTenSymbolsAreAskedInTheLastTenSteps() {
        RawData data = data(SequencesSource.Task.COPY, EXAMPLES, 3);
        RawExamples examples = data.development();
        float[] features = features(examples);
        int[] counts = new int[8];
        for (int i = 0; i < EXAMPLES; i++) {
            float[] asked = examples.values(new int[] {i});
            assertEquals(STEPS, asked.length);
            for (int t = 0; t < STEPS; t++) {
                int symbol = symbol(features, i, t, 10);
                if (t < 10) {
                    assertEquals(symbol, asked[STEPS - 10 + t]);
                    counts[symbol]++;
                } else {
                    assertEquals(t == STEPS - 11 ? 9 : 8, symbol);
                }
                assertEquals(t < STEPS - 10, asked[t] == -1);
            }
        }
        int all = 10 * EXAMPLES;
        for (int count : counts) {
            assertEquals(all / 8.0, count, 5 * Math.sqrt(all * 7.0 / 64), "each symbol alike");
        }
        assertEquals(0, data.classes());
        OneLine.ofUsage(() -> Specs.of("source = sequences, task = copy, steps = 20"), "data.steps", "at least 21");
    }

    @Test
    void anExampleIsAFunctionOfItsIdAndTheSeed() {
        float[] many = features(data(SequencesSource.Task.RECALL, 20, 3).development());
        float[] few = features(data(SequencesSource.Task.RECALL, 10, 3).development());
        float[] others = features(data(SequencesSource.Task.RECALL, 20, 4).development());
        int differing = 0;
        for (int k = 0; k < few.length; k++) {
            assertEquals(many[k], few[k]);
            differing += many[k] == others[k] ? 0 : 1;
        }
        assertNotEquals(0, differing);
    }
}
