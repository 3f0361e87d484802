package org.coinflip.data;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.data.source.RawSource;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.table.SplitColumn;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;

/**
 * The section {@code split { train, valid, test, seed, stratified, folds, fold, column | group | time }} and the split it makes. Examples are ranked by the 64-bit word of (seed,
 * example id), ties by id; the first {@code test} are the test split (unless the source brings its own), the next {@code valid} the
 * validation split, the next {@code train} the training split, or all that are left. The split is a function of seed and ids only, and
 * another size of training leaves the held-out splits as they are.
 *
 * <p>Stratified, the r-th of the n examples of a class, ranked so, counts as (r + ½) / n, and examples are ranked by that: each split has of each class its part, to
 * within one example. Of k folds, fold f has for its test split the f-th of k equal parts of the ranking, for its validation split what follows, around the end to the beginning.
 *
 * <p>A table may be split by one of its columns. {@code column} says the split of each row. {@code group} keeps the rows of a group together: groups are ranked instead of examples, and a
 * split takes whole groups until it has its size, or a few more. {@code time} ranks the latest first: the test split is later than the validation split, which is
 * later than the training split; rows of equal times by their ids.
 *
 * <p>Of a source that brings its own validation examples, the training split is the first {@code train} of the others, or all of them.
 *
 * @param train training examples, at least 1; absent for all that are left
 * @param valid validation examples, at least 1; absent for the source's default, or where the source brings its own
 * @param test test examples, at least 1; absent for the source's default, or where the source brings its own
 * @param seed seed of the ranking
 * @param stratified whether each split has its part of each class
 * @param fold which part is the test split; absent for the first {@code test} examples
 * @param by the column that a table is split by; absent for the ids
 */
public record SplitSizes(
        OptionalInt train,
        OptionalInt valid,
        OptionalInt test,
        long seed,
        boolean stratified,
        Optional<Fold> fold,
        Optional<SplitColumn> by) {
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
        this(train, valid, test, seed, false, Optional.empty(), Optional.empty());
    }

    static SplitSizes read(Section section, RawSource source) {
        OptionalInt train = section.optionalInteger("train", 1, Integer.MAX_VALUE);
        OptionalInt valid = OptionalInt.empty();
        if (!source.hasValidationSet()) {
            valid = section.optionalInteger("valid", 1, Integer.MAX_VALUE);
        } else {
            for (String key : List.of("valid", "stratified")) {
                if (section.has(key)) {
                    throw section.wrong(
                            key, "nothing: source " + source.type() + " brings its own validation examples");
                }
            }
        }
        OptionalInt test = OptionalInt.empty();
        if (!source.hasTestSet()) {
            test = section.optionalInteger("test", 1, Integer.MAX_VALUE);
        } else if (section.has("test")) {
            throw section.wrong("test", "nothing: source " + source.type() + " brings its own test examples");
        }
        long seed = section.wholeNumber("seed", 0);
        boolean stratified = section.flag("stratified", false);
        Optional<Fold> fold = Optional.empty();
        OptionalInt folds = section.optionalInteger("folds", 2, MOST_FOLDS);
        if (folds.isPresent()) {
            if (test.isPresent() || source.hasTestSet()) {
                throw section.wrong("folds", "nothing: the test examples are given already");
            }
            fold = Optional.of(new Fold(section.integer("fold", 0, folds.getAsInt() - 1), folds.getAsInt()));
        }
        Optional<SplitColumn> by = SplitColumn.read(section);
        by.ifPresent(column -> requireAlone(section, column, source));
        section.finish();
        return new SplitSizes(train, valid, test, seed, stratified, fold, by);
    }

    private static void requireAlone(Section section, SplitColumn by, RawSource source) {
        if (!(source instanceof TableSource)) {
            throw section.wrong(by.key(), "nothing: source " + source.type() + " has no columns");
        }
        List<String> others =
                switch (by.kind()) {
                    case COLUMN -> List.of("train", "valid", "test", "seed", "stratified", "folds");
                    case GROUP -> List.of("stratified");
                    case TIME -> List.of("seed", "stratified", "folds");
                };
        for (String other : others) {
            if (section.has(other)) {
                throw section.wrong(other, "nothing beside " + by.key() + ", which says how rows are split");
            }
        }
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
        by.ifPresent(column -> {
            keys.put(column.key(), column.name());
            if (column.kind() != SplitKeys.Kind.GROUP) {
                keys.remove("seed");
            }
        });
        return keys;
    }

    /**
     * The places of each split in the development examples, in the order of the ids; where the source has its own test examples, TEST
     * has the places in those.
     *
     * @throws UsageException where the sizes ask for more examples than there are, or leave none for training
     * @throws DataException where a column that says the split of each row has none of one
     */
    Map<Split, int[]> assign(RawSource source, RawData data) {
        if (data.splitKeys()
                .filter(keys -> keys.kind() == SplitKeys.Kind.COLUMN)
                .isPresent()) {
            Map<Split, int[]> places = said(data);
            train.ifPresent(
                    size -> places.computeIfPresent(Split.TRAIN, (split, all) -> first(size, all, source, data)));
            return places;
        }
        int examples = data.development().size();
        Ranking ranking = Ranking.of(this, data);
        int from = fold.map(part -> ranking.whole(part.bound(examples, part.index())))
                .orElse(0);
        int wantedTest = fold.map(part -> ranking.whole(part.bound(examples, part.index() + 1)) - from)
                .orElseGet(() -> data.test().isPresent() ? 0 : test.orElseGet(() -> source.heldOutByDefault(examples)));
        int wantedValid = valid.orElseGet(() -> source.heldOutByDefault(examples));
        Ranking rotated = ranking.rotated(from);
        int testSize = rotated.whole(wantedTest);
        int heldOut = rotated.whole((long) testSize + wantedValid);
        int validSize = heldOut - testSize;
        long needed = Math.max(heldOut, (long) wantedTest + wantedValid) + train.orElse(1);
        if (needed > examples) {
            throw new UsageException("data.split: got train " + (train.isPresent() ? train.getAsInt() : "at least 1")
                    + " + valid " + Math.max(wantedValid, validSize)
                    + (wantedTest > 0 ? " + test " + Math.max(wantedTest, testSize) : "") + " = " + needed
                    + " examples, expected at most the " + examples + " that source " + source.type()
                    + " has: make the splits smaller" + (isGrouped() ? ", or groups" : ""));
        }
        int end = train.isPresent() ? rotated.whole(needed) : examples;
        Map<Split, int[]> places = new EnumMap<>(Split.class);
        places.put(Split.TRAIN, rotated.places(heldOut, end));
        places.put(Split.VALID, rotated.places(testSize, heldOut));
        places.put(Split.TEST, data.test().map(own -> all(own.size())).orElseGet(() -> rotated.places(0, testSize)));
        if (places.get(Split.TEST).length == 0 || validSize == 0) {
            throw new UsageException("data.split: got " + (validSize == 0 ? "no validation" : "no test")
                    + " examples, for a group is larger than a part, expected at least one: take fewer folds");
        }
        return places;
    }

    private boolean isGrouped() {
        return by.isPresent() && by.get().kind() == SplitKeys.Kind.GROUP;
    }

    private Map<Split, int[]> said(RawData data) {
        long[] keys = data.splitKeys().orElseThrow().keys();
        Map<Split, int[]> places = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            long key =
                    switch (split) {
                        case TRAIN -> SplitKeys.TRAIN;
                        case VALID -> SplitKeys.VALID;
                        case TEST -> SplitKeys.TEST;
                    };
            int[] theirs = split == Split.TEST && data.test().isPresent()
                    ? all(data.test().get().size())
                    : IntStream.range(0, keys.length)
                            .filter(place -> keys[place] == key)
                            .toArray();
            if (theirs.length == 0) {
                throw new DataException("data.split.column: no row has " + split + " in column "
                        + by.orElseThrow().name() + ", expected rows of train, valid and test: correct the column");
            }
            places.put(split, theirs);
        }
        return places;
    }

    private int[] first(int size, int[] all, RawSource source, RawData data) {
        if (size > all.length) {
            throw new UsageException("data.split.train: got " + size + ", expected at most the " + all.length
                    + " training examples that source " + source.type() + " has: make it smaller");
        }
        return Ranking.first(size, all, seed, data.development());
    }

    private static int[] all(int size) {
        return IntStream.range(0, size).toArray();
    }
}
