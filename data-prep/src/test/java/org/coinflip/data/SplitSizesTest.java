package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.DigitsSource;
import org.coinflip.data.source.MnistSource;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.noise.NoiseKey;
import org.junit.jupiter.api.Test;

class SplitSizesTest {
    private static final RawSource CSV =
            (RawSource) Specs.of("source = csv", "path = a.csv").source();
    private static final OptionalInt DEFAULT = OptionalInt.empty();

    @Test
    void everyExampleIsInOneSplitInTheOrderOfTheIds() {
        Map<Split, int[]> places = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 1).assign(CSV, data(0, 205));
        assertEquals(165, places.get(Split.TRAIN).length);
        assertEquals(20, places.get(Split.VALID).length);
        assertEquals(20, places.get(Split.TEST).length);
        Set<Integer> seen = new TreeSet<>();
        for (int[] some : places.values()) {
            int[] sorted = some.clone();
            Arrays.sort(sorted);
            assertArrayEquals(sorted, some);
            Arrays.stream(some).forEach(seen::add);
        }
        assertEquals(205, seen.size());
    }

    /** The route of the definition: sort the ids by their words, whatever order they came in. */
    @Test
    void isAFunctionOfSeedAndIdsNotOfPlaces() {
        Map<Split, int[]> places =
                new SplitSizes(DEFAULT, OptionalInt.of(7), OptionalInt.of(11), 5).assign(CSV, data(1000, 60));
        NoiseKey key = new NoiseKey(5, 0, NoiseKey.SPLIT);
        List<Long> backwards = LongStream.range(0, 60)
                .mapToObj(i -> 1059 - i)
                .sorted(byWord(key))
                .collect(Collectors.toList());
        assertEquals(new TreeSet<>(backwards.subList(0, 11)), ids(places.get(Split.TEST), 1000));
        assertEquals(new TreeSet<>(backwards.subList(11, 18)), ids(places.get(Split.VALID), 1000));
        assertEquals(new TreeSet<>(backwards.subList(18, 60)), ids(places.get(Split.TRAIN), 1000));
    }

    @Test
    void anotherSizeOfTrainingLeavesTheHeldOutSplitsAsTheyAre() {
        Map<Split, int[]> all = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 1).assign(CSV, data(0, 200));
        Map<Split, int[]> few = new SplitSizes(OptionalInt.of(9), DEFAULT, DEFAULT, 1).assign(CSV, data(0, 200));
        assertEquals(9, few.get(Split.TRAIN).length);
        assertArrayEquals(all.get(Split.VALID), few.get(Split.VALID));
        assertArrayEquals(all.get(Split.TEST), few.get(Split.TEST));
    }

    @Test
    void anotherSeedIsAnotherSplit() {
        int[] one = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 1)
                .assign(CSV, data(0, 200))
                .get(Split.TEST);
        int[] two = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 2)
                .assign(CSV, data(0, 200))
                .get(Split.TEST);
        assertFalse(Arrays.equals(one, two));
    }

    @Test
    void theDefaultsAreTheSourcesOwn() {
        SplitSizes sizes = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 0);
        assertEquals(1297, sizes.assign(new DigitsSource(), data(0, 1797)).get(Split.TRAIN).length);
        assertEquals(1, sizes.assign(CSV, data(0, 3)).get(Split.TRAIN).length);
    }

    @Test
    void keepsTheSourcesOwnTestExamples() {
        RawData data =
                new RawData("mnist", 2, ImageShape.NONE, examples(0, 60), Optional.of(examples(60, 4)), List.of());
        Map<Split, int[]> places = new SplitSizes(DEFAULT, DEFAULT, DEFAULT, 0).assign(new MnistSource("x"), data);
        assertArrayEquals(new int[] {0, 1, 2, 3}, places.get(Split.TEST));
        assertEquals(10, places.get(Split.VALID).length);
        assertEquals(50, places.get(Split.TRAIN).length);
    }

    /** Thirty of class 0, six of class 1, four of class 2: whatever the seed, each split has its part. */
    @Test
    void stratifiedSplitsHaveTheirPartOfEachClass() {
        int[] labels = new int[40];
        Arrays.fill(labels, 30, 36, 1);
        Arrays.fill(labels, 36, 40, 2);
        RawExamples examples = RawExamples.ofFloats(1, 0, labels, new float[40]);
        RawData data = new RawData("csv", 3, ImageShape.NONE, examples, Optional.empty(), List.of());
        for (int seed = 0; seed < 50; seed++) {
            SplitSizes sizes = new SplitSizes(
                    DEFAULT, OptionalInt.of(10), OptionalInt.of(10), seed, true, Optional.empty(), Optional.empty());
            Map<Split, int[]> places = sizes.assign(CSV, data);
            assertEquals(20, places.get(Split.TRAIN).length);
            int[] all = {30, 6, 4};
            for (Split split : Split.values()) {
                double part = places.get(split).length / 40.0;
                for (int c = 0; c < 3; c++) {
                    int category = c;
                    long has = Arrays.stream(places.get(split))
                            .filter(place -> labels[place] == category)
                            .count();
                    assertTrue(Math.abs(has - part * all[c]) <= 1, split + " has " + has + " of class " + c);
                }
            }
        }
    }

    @Test
    void foldsPartTheExamples() {
        for (boolean stratified : new boolean[] {false, true}) {
            Set<Integer> tested = new TreeSet<>();
            for (int f = 0; f < 7; f++) {
                SplitSizes sizes = new SplitSizes(
                        DEFAULT,
                        DEFAULT,
                        DEFAULT,
                        3,
                        stratified,
                        Optional.of(new SplitSizes.Fold(f, 7)),
                        Optional.empty());
                Map<Split, int[]> places = sizes.assign(CSV, data(0, 100));
                assertEquals(
                        100,
                        places.values().stream()
                                .flatMapToInt(Arrays::stream)
                                .distinct()
                                .count());
                for (int place : places.get(Split.TEST)) {
                    assertTrue(tested.add(place), place + " is tested twice");
                }
            }
            assertEquals(100, tested.size());
        }
    }

    @Test
    void refusesSplitsLargerThanTheData() {
        SplitSizes sizes = new SplitSizes(OptionalInt.of(80), OptionalInt.of(15), OptionalInt.of(6), 0);
        OneLine.ofUsage(
                () -> sizes.assign(CSV, data(0, 100)),
                "data.split: got train 80 + valid 15 + test 6 = 101 examples, expected at most the 100",
                "source csv");
        SplitSizes vast =
                new SplitSizes(OptionalInt.of(Integer.MAX_VALUE), OptionalInt.of(Integer.MAX_VALUE), DEFAULT, 0);
        OneLine.ofUsage(() -> vast.assign(CSV, data(0, 100)), "= 4294967304 examples");
    }

    @Test
    void refusesToLeaveNothingForTraining() {
        SplitSizes sizes = new SplitSizes(DEFAULT, OptionalInt.of(60), OptionalInt.of(40), 0);
        OneLine.ofUsage(() -> sizes.assign(CSV, data(0, 100)), "got train at least 1 + valid 60 + test 40 = 101");
    }

    private static Comparator<Long> byWord(NoiseKey key) {
        return (a, b) -> Long.compareUnsigned(key.longWord(a), key.longWord(b));
    }

    private static Set<Long> ids(int[] places, long firstId) {
        return Arrays.stream(places).mapToObj(place -> firstId + place).collect(Collectors.toCollection(TreeSet::new));
    }

    private static RawData data(long firstId, int size) {
        return new RawData("csv", 2, ImageShape.NONE, examples(firstId, size), Optional.empty(), List.of());
    }

    private static RawExamples examples(long firstId, int size) {
        return RawExamples.ofFloats(1, firstId, new int[size], new float[size]);
    }
}
