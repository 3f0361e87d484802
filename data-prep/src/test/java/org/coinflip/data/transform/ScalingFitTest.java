package org.coinflip.data.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class ScalingFitTest {
    private static final int[] FIRST_THREE = {0, 1, 2};

    /** Exactly for the maxima that sources have, else but for the last bit. */
    @Test
    void unitMapsEveryByteMaximumToOne() {
        for (int maximum = 1; maximum <= 255; maximum++) {
            RawExamples raw = RawExamples.ofBytes(1, 0, new int[2], new byte[] {0, (byte) maximum}, maximum, "bytes");
            Examples scaled = scaled(Scaling.UNIT, raw, 0);
            assertEquals(0f, scaled.feature(0, 0));
            assertEquals(
                    1f, scaled.feature(1, 0), maximum == 16 || maximum == 255 ? 0f : 0x1p-24f, "maximum " + maximum);
        }
    }

    @Test
    void unitOfFloatsIsMinMaxOfTheTrainingSplitAlone() {
        RawExamples raw = RawExamples.ofFloats(2, 0, new int[4], new float[] {-1, 5, 3, 5, 1, 5, 7, 6});
        Examples scaled = scaled(Scaling.UNIT, raw, FIRST_THREE);
        assertEquals(0f, scaled.feature(0, 0));
        assertEquals(1f, scaled.feature(1, 0));
        assertEquals(0.5f, scaled.feature(2, 0));
        assertEquals(2f, scaled.feature(3, 0));
    }

    @Test
    void aConstantFeatureHasScaleOneAndIsZero() {
        RawExamples raw = RawExamples.ofFloats(1, 0, new int[4], new float[] {0.1f, 0.1f, 0.1f, 1.1f});
        for (Scaling scaling : new Scaling[] {Scaling.UNIT, Scaling.STANDARD}) {
            Transformation fitted =
                    ScalingFit.fit(List.of(), scaling, Binarisation.NONE, TrainingExamples.of(raw, FIRST_THREE));
            assertEquals(Collections.nCopies(1, 1f), fitted.scale());
            Examples scaled = fitted.apply(raw, new int[] {0, 3}, 2);
            assertEquals(0f, scaled.feature(0, 0));
            // the difference of two floats and one of their bits
            assertEquals(1f, scaled.feature(1, 0), 2 * 0x1p-23f);
        }
    }

    @Test
    void aSpreadTooSmallForAFloatCountsAsConstant() {
        RawExamples raw = RawExamples.ofFloats(1, 0, new int[3], new float[] {0, Float.MIN_VALUE, 0});
        assertEquals(
                1f,
                ScalingFit.fit(List.of(), Scaling.UNIT, Binarisation.NONE, TrainingExamples.of(raw, FIRST_THREE))
                        .scale()
                        .get(0));
    }

    @Test
    void standardGivesMeanZeroAndVarianceOne() {
        byte[] bytes = new byte[3 * 500];
        new Random(3).nextBytes(bytes);
        RawExamples raw = RawExamples.ofBytes(3, 0, new int[500], bytes, 255, "bytes");
        Examples scaled = scaled(Scaling.STANDARD, raw, IntStream.range(0, 500).toArray());
        for (int j = 0; j < 3; j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 500; i++) {
                sum += scaled.feature(i, j);
                squares += (double) scaled.feature(i, j) * scaled.feature(i, j);
            }
            // a scale and an offset of 2, rounded, and numbers of at most 2: u = 2⁻²⁴ of each
            assertEquals(0, sum / 500, 4 * 2 * 0x1p-24);
            assertEquals(1, squares / 500, 2 * 4 * 2 * 0x1p-24);
        }
    }

    @Test
    void noneLeavesFeaturesAsTheyAre() {
        RawExamples raw = RawExamples.ofBytes(1, 0, new int[1], new byte[] {(byte) 200}, 255, "bytes");
        assertEquals(200f, scaled(Scaling.NONE, raw, 0).feature(0, 0));
    }

    private static Examples scaled(Scaling scaling, RawExamples raw, int... training) {
        return ScalingFit.fit(List.of(), scaling, Binarisation.NONE, TrainingExamples.of(raw, training))
                .apply(raw, IntStream.range(0, raw.size()).toArray(), 2);
    }
}
