package org.coinflip.data.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;
import org.coinflip.model.objective.StepClasses;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sha256;
import org.coinflip.model.transform.Naming;

/**
 * Sequences whose answer lies many steps back, to try recurrent networks on: each a function of (task, steps, seed, example id). An example is
 * steps × features, step by step.
 *
 * <p>Hochreiter and Schmidhuber (1997), "Long short-term memory", experiments 4 and 6.
 *
 * @param task what is asked
 * @param steps of a sequence
 * @param examples how many there are
 * @param seed of the examples
 */
public record SequencesSource(Task task, int steps, int examples, long seed) implements RawSource {
    private static final int LEAST_STEPS = 10;
    private static final int MOST_STEPS = 1 << 12;
    private static final int COPIED = 10;
    private static final int COPIED_SYMBOLS = 8;
    private static final int MOST_EXAMPLES = 1 << 24;

    /** What is asked of a sequence. */
    public enum Task {
        /**
         * The sum of the two numbers that are marked, one in each half: a number in (0, 1) and its mark, 0 or 1, a step. Who always says 1 has a
         * mean squared error of 1/6.
         */
        ADDING(2, 0),
        /**
         * Which of two symbols came first, and which second, of four classes: six symbols, one-hot, of which the first two stand at one step of the
         * second tenth of the sequence and at one of the sixth, and the others at all other steps.
         */
        TEMPORAL_ORDER(6, 4),
        /** The symbol of the first step: eight symbols, one-hot, all steps alike. */
        RECALL(8, 8),
        /**
         * The first ten symbols again, in the last ten steps, a class at each of them: eight symbols, one-hot, then blanks, of which the one before the last ten is a mark. Who
         * has forgotten them has a loss of 10 ln 8 = 20.79 nats (Arjovsky, Shah, Bengio 2016).
         */
        COPY(10, 0) {
            @Override
            int leastSteps() {
                return 2 * COPIED + 1;
            }

            @Override
            int values(int steps) {
                return steps;
            }
        };

        private final int features;
        private final int classes;

        Task(int features, int classes) {
            this.features = features;
            this.classes = classes;
        }

        int leastSteps() {
            return LEAST_STEPS;
        }

        /** Values of an example; 0 where it has a class. */
        int values(int steps) {
            return classes == 0 ? 1 : 0;
        }
    }

    static SequencesSource read(Section section) {
        Task task = section.choice("task", Task.ADDING);
        int steps = section.integer("steps", 100, LEAST_STEPS, MOST_STEPS);
        if (steps < task.leastSteps()) {
            throw section.wrong("steps", "at least " + task.leastSteps() + " for task = " + Section.name(task));
        }
        return new SequencesSource(
                task, steps, section.integer("examples", 12_000, 1, MOST_EXAMPLES), section.wholeNumber("seed", 0));
    }

    @Override
    public SourceType type() {
        return SourceType.SEQUENCES;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("task", Section.name(task));
        keys.put("steps", steps);
        keys.put("examples", examples);
        keys.put("seed", seed);
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    @Override
    public RawData read(Configuration conf) {
        int width = steps * task.features;
        HeapRoom.require("data.source = sequences", examples, width, "ask for fewer by data.examples or data.steps");
        float[] features = new float[Math.multiplyExact(examples, width)];
        int[] labels = new int[examples];
        int each = task.values(steps);
        float[] values = new float[Math.multiplyExact(examples, each)];
        Arrays.fill(labels, Examples.UNLABELLED);
        Numbers numbers = new Numbers(new NoiseKey(seed, task.ordinal(), NoiseKey.SEQUENCES));
        for (int i = 0; i < examples; i++) {
            numbers.begin(i);
            int at = i * width;
            switch (task) {
                case ADDING -> values[i] = add(numbers, features, at);
                case COPY -> copy(numbers, features, at, values, i * each);
                case TEMPORAL_ORDER -> labels[i] = order(numbers, features, at);
                case RECALL -> labels[i] = recall(numbers, features, at);
            }
        }
        RawExamples all = RawExamples.ofFloats(width, 0, labels, features);
        String law = "sequences 1: " + keys();
        return new RawData(
                Section.name(task),
                task.classes,
                new Naming(List.of(), List.of(), each > 1 ? RawSource.steps(each) : List.of()),
                Optional.empty(),
                new ImageShape(steps, task.features),
                each > 0 ? all.withValues(each, values) : all,
                Optional.empty(),
                List.of(new SourceFile("sequences", 0, Sha256.hex(law.getBytes(StandardCharsets.UTF_8)))));
    }

    private float add(Numbers numbers, float[] to, int at) {
        for (int t = 0; t < steps; t++) {
            to[at + 2 * t] = numbers.next();
        }
        int half = steps / 2;
        int first = numbers.below(half);
        int second = half + numbers.below(steps - half);
        to[at + 2 * first + 1] = 1;
        to[at + 2 * second + 1] = 1;
        return to[at + 2 * first] + to[at + 2 * second];
    }

    private int order(Numbers numbers, float[] to, int at) {
        int tenth = steps / 10;
        int first = tenth + numbers.below(tenth);
        int second = 5 * tenth + numbers.below(tenth);
        int label = 0;
        for (int t = 0; t < steps; t++) {
            boolean asked = t == first || t == second;
            int symbol = asked ? numbers.below(2) : 2 + numbers.below(task.features - 2);
            to[at + t * task.features + symbol] = 1;
            label = asked ? 2 * label + symbol : label;
        }
        return label;
    }

    private int recall(Numbers numbers, float[] to, int at) {
        int label = -1;
        for (int t = 0; t < steps; t++) {
            int symbol = numbers.below(task.features);
            to[at + t * task.features + symbol] = 1;
            label = t == 0 ? symbol : label;
        }
        return label;
    }

    private void copy(Numbers numbers, float[] to, int at, float[] asked, int from) {
        Arrays.fill(asked, from, from + steps, StepClasses.NOT_ASKED);
        int mark = steps - COPIED - 1;
        for (int t = 0; t < steps; t++) {
            int symbol = t < COPIED ? numbers.below(COPIED_SYMBOLS) : t == mark ? COPIED_SYMBOLS + 1 : COPIED_SYMBOLS;
            to[at + t * task.features + symbol] = 1;
            if (t < COPIED) {
                asked[from + mark + 1 + t] = symbol;
            }
        }
    }

    /** Uniform numbers of one example after another, as many as are asked for. */
    private static final class Numbers {
        private final int[] key;
        private int[] words;
        private int taken;
        private long example;

        Numbers(NoiseKey key) {
            this.key = key.key();
        }

        void begin(long id) {
            example = id;
            taken = 0;
        }

        /** In (0, 1). */
        float next() {
            int place = taken % 4;
            if (place == 0) {
                words = NoiseKey.counter(taken / 4, 0, example);
                Threefry.encrypt(key, words);
            }
            taken++;
            return NoiseKey.ofWord(words[place]);
        }

        /** A whole number from 0 to count − 1. */
        int below(int count) {
            return (int) (next() * count);
        }
    }
}
