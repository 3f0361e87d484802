package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {
    @Test
    void greysSpanTheRangeOfTheExampleItself() {
        Picture picture = only(2, 3, -1, 0, 1, 0.5f, -0.5f, 1);
        assertEquals(2, picture.rows());
        assertEquals(3, picture.columns());
        assertArrayEquals(new int[] {0, 128, 255, 191, 64, 255}, greys(picture));
    }

    /** Three planes of one row and two columns. */
    @Test
    void coloursShareOneRange() {
        Map<String, Object> run = Map.of(
                "image", Map.of("rows", 1, "columns", 2, "planes", 3),
                "mistakes", List.of(example(1, 2, 0.5, 0, 1, 0.2f, 0.4f, 0.6f, 0.8f)));
        assertArrayEquals(
                new int[] {0, 255, 51, 102, 153, 204},
                greys(Picture.ofMistakes(Fields.of(run)).get(0)));
        assertTrue(
                Picture.ofMistakes(run(1, 2, example(1, 2, 0.5, 0, 1, 2, 3, 4, 5)))
                        .isEmpty(),
                "grey has one plane");
    }

    @Test
    void aPictureOfOneValueAndValuesThatAreNotFiniteAreBlack() {
        assertArrayEquals(new int[] {0, 0}, greys(only(1, 2, 7, 7)));
        assertArrayEquals(new int[] {0, 0, 0, 255}, greys(only(2, 2, Float.NaN, Float.POSITIVE_INFINITY, 3, 4)));
    }

    /** Of a ramp to the right the mean of a block of three columns is its middle one; the last block has but one row and two columns. */
    @Test
    void aLongSideIsDrawnFromTheMeansOfBlocks() {
        int rows = 130;
        int columns = 140;
        float[] ramp = new float[rows * columns];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i % columns;
        }
        Picture picture = only(rows, columns, ramp);
        assertEquals(44, picture.rows());
        assertEquals(47, picture.columns());
        double greatest = 138.5;
        int[] row = IntStream.range(0, 47)
                .map(i -> (int) Math.round(255 * ((i < 46 ? 3 * i + 1 : greatest) - 1) / (greatest - 1)))
                .toArray();
        assertArrayEquals(row, Arrays.copyOf(greys(picture), 47));
        assertArrayEquals(row, Arrays.copyOfRange(greys(picture), 43 * 47, 44 * 47));
    }

    @ParameterizedTest
    @CsvSource({"0.03, = 0.03", "0.4449, = 0.44", "0.0042, = 0.004", "1e-9, < 0.001", "0, < 0.001"})
    void theCaptionTellsBothClassesAndWhatTheTrueOneWasGiven(double probability, String told) {
        Picture picture =
                Picture.ofMistakes(run(1, 2, example(4, 9, probability, 0, 1))).get(0);
        assertEquals("true 4 → 9, p " + told, picture.caption().replace('\u00a0', ' '));
        assertEquals("example 17", picture.title());
    }

    @Test
    void whatIsNoMistakeOrNoPictureIsNotDrawn() {
        assertTrue(Picture.ofMistakes(run(0, 0, example(4, 9, 0.1))).isEmpty());
        assertTrue(Picture.ofMistakes(run(1, 3, example(4, 9, 0.1, 0, 1))).isEmpty(), "too few features");
        assertTrue(Picture.ofMistakes(run(1 << 16, 1 << 16, example(4, 9, 0.1))).isEmpty(), "2³² is not 0");
        assertTrue(Picture.ofMistakes(run(1, 2, example(4, 4, 0.4, 0, 1))).isEmpty(), "right after all");
        for (String key : List.of("label", "predicted", "features")) {
            Map<String, Object> example = example(4, 9, 0.1, 0, 1);
            example.remove(key);
            assertTrue(Picture.ofMistakes(run(1, 2, example)).isEmpty(), key);
        }
    }

    @Test
    void whatTheCaptionLacksIsLeftOutOfIt() {
        Map<String, Object> example = example(4, 9, Double.NaN, 0, 1);
        example.remove("id");
        Picture picture = Picture.ofMistakes(run(1, 2, example)).get(0);
        assertEquals("true 4 → 9", picture.caption().replace('\u00a0', ' '));
        assertEquals("", picture.title());
    }

    private static Picture only(int rows, int columns, float... features) {
        return Picture.ofMistakes(run(rows, columns, example(1, 2, 0.5, features)))
                .get(0);
    }

    private static Fields run(int rows, int columns, Map<String, Object> example) {
        return Fields.of(Map.of("image", Map.of("rows", rows, "columns", columns), "mistakes", List.of(example)));
    }

    private static Map<String, Object> example(int label, int predicted, double probability, float... features) {
        return new HashMap<>(Map.of(
                "id", 17L, "label", label, "predicted", predicted, "probability", probability, "features", features));
    }

    private static int[] greys(Picture picture) {
        byte[] pixels = Base64.getDecoder().decode(picture.pixels());
        return IntStream.range(0, pixels.length).map(i -> pixels[i] & 0xff).toArray();
    }
}
