package org.coinflip.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.data.source.RawData;
import org.coinflip.data.source.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;

/**
 * The section {@code split { train, valid, test, seed, stratified, folds, fold }} and the split it makes. Examples are ranked by the 64-bit word of (seed,
 * example id), ties by id; the first {@code test} are the test split (unless the source brings its own), the next {@code valid} the
 * validation split, the next {@code train} the training split, or all that are left. The split is a function of seed and ids only, and
 * another size of training leaves the held-out splits as they are.
 *
 * <p>Stratified, the r-th of the n examples of a class, ranked so, counts as (r + ½) / n, and examples are ranked by that: each split has of each class its part, to
 * within one example. Of k folds, fold f has for its test split the f-th of k equal parts of the ranking, for its validation split what follows, around the end to the beginning.
 *
 * @param train training examples, at least 1; absent for all that are left
 * @param valid validation examples, at least 1; absent for the source's default
 * @param test test examples, at least 1; absent for the source's default, or where the source brings its own
 * @param seed seed of the ranking
 * @param stratified whether each split has its part of each class
 * @param fold which part is the test split; absent for the first {@code test} examples
 */
public record SplitSizes(
        OptionalInt train, OptionalInt valid, OptionalInt test, long seed, boolean stratified, Optional<Fold> fold) {
    /** More folds than this leave no test split that says anything. */
    private static final int MOST_FOLDS = 1000;

    /** A part of the examples: 0 … of − 1. */
    public record Fold(int index, int of) {
        private int bound(int examples, int of) {
            return (int) ((long) examples * of / this.of);
        }
    }

    /** Neither stratified nor a fold. */
    SplitSizes(OptionalInt train, OptionalInt valid, OptionalInt test, long seed) {
        this(train, valid, test, seed, false, Optional.empty());
    }

    static SplitSizes read(Section section, RawSource source) {
        OptionalInt train = size(section, "train");
        OptionalInt valid = size(section, "valid");
        OptionalInt test = OptionalInt.empty();
        if (!source.hasTestSet()) {
            test = size(section, "test");
        } else if (section.has("test")) {
            throw section.wrong("test", "nothing: source " + source.type() + " brings its own test examples");
        }
        long seed = section.wholeNumber("seed", 0);
        boolean stratified = section.flag("stratified", false);
        Optional<Fold> fold = Optional.empty();
        if (section.has("folds")) {
            if (test.isPresent() || source.hasTestSet()) {
                throw section.wrong("folds", "nothing: the test examples are given already");
            }
            int folds = section.integer("folds", 2, MOST_FOLDS);
            fold = Optional.of(new Fold(section.integer("fold", 0, folds - 1), folds));
        }
        section.finish();
        return new SplitSizes(train, valid, test, seed, stratified, fold);
    }

    private static OptionalInt size(Section section, String key) {
        return section.has(key) ? OptionalInt.of(section.integer(key, 1, Integer.MAX_VALUE)) : OptionalInt.empty();
    }

    /** The section as it is written. */
    Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        train.ifPresent(size -> keys.put("train", size));
        valid.ifPresent(size -> keys.put("valid", size));
        test.ifPresent(size -> keys.put("test", size));
        keys.put("seed", seed);
        if (stratified) {
            keys.put("stratified", true);
        }
        fold.ifPresent(part -> {
            keys.put("folds", part.of());
            keys.put("fold", part.index());
        });
        return keys;
    }

    /**
     * The places of each split in the development examples, in the order of the ids; where the source has its own test examples, TEST
     * has the places in those.
     *
     * @throws UsageException where the sizes ask for more examples than there are, or leave none for training
     */
    Map<Split, int[]> assign(RawSource source, RawData data) {
        int examples = data.development().size();
        int from = fold.map(part -> part.bound(examples, part.index())).orElse(0);
        int testSize = fold.map(part -> part.bound(examples, part.index() + 1) - from)
                .orElseGet(() -> data.test().isPresent() ? 0 : test.orElseGet(() -> source.heldOutByDefault(examples)));
        int validSize = valid.orElseGet(() -> source.heldOutByDefault(examples));
        long heldOut = (long) testSize + validSize;
        long needed = heldOut + train.orElse(1);
        if (needed > examples) {
            throw new UsageException("data.split: got train " + (train.isPresent() ? train.getAsInt() : "at least 1")
                    + " + valid " + validSize + (testSize > 0 ? " + test " + testSize : "") + " = " + needed
                    + " examples, expected at most the " + examples + " that source " + source.type()
                    + " has: make the splits smaller");
        }
        int trainSize = train.orElse(examples - (int) heldOut);
        int[] ranked = rotated(ranked(data.development()), from);
        Map<Split, int[]> places = new EnumMap<>(Split.class);
        places.put(Split.TRAIN, sorted(ranked, (int) heldOut, trainSize));
        places.put(Split.VALID, sorted(ranked, testSize, validSize));
        places.put(Split.TEST, data.test().map(own -> all(own.size())).orElseGet(() -> sorted(ranked, 0, testSize)));
        return places;
    }

    private int[] ranked(RawExamples examples) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.SPLIT);
        long[] words = new long[examples.size()];
        Integer[] order = new Integer[words.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = key.longWord(examples.id(i));
            order[i] = i;
        }
        Comparator<Integer> byWord = (a, b) -> Long.compareUnsigned(words[a], words[b]);
        Arrays.sort(order, byWord.thenComparingLong(examples::id));
        int[] ranked = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
        return stratified ? stratified(ranked, examples) : ranked;
    }

    private static int[] rotated(int[] ranked, int from) {
        int[] rotated = Arrays.copyOfRange(ranked, from, from + ranked.length);
        System.arraycopy(ranked, 0, rotated, ranked.length - from, from);
        return rotated;
    }

    /** Ranked by the part of their class that comes before; stable. */
    private static int[] stratified(int[] ranked, RawExamples examples) {
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int place : ranked) {
            sizes.merge(examples.label(place), 1, Integer::sum);
        }
        Map<Integer, Integer> seen = new HashMap<>();
        double[] part = new double[ranked.length];
        for (int place : ranked) {
            int before = seen.merge(examples.label(place), 1, Integer::sum) - 1;
            part[place] = (before + 0.5) / sizes.get(examples.label(place));
        }
        return Arrays.stream(ranked)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> part[place]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Places are in the order of the ids: {@link RawExamples} counts its ids up. */
    private static int[] sorted(int[] ranked, int from, int size) {
        int[] places = Arrays.copyOfRange(ranked, from, from + size);
        Arrays.sort(places);
        return places;
    }

    private static int[] all(int size) {
        int[] places = new int[size];
        Arrays.setAll(places, i -> i);
        return places;
    }
}
