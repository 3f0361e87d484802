package org.coinflip.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.coinflip.data.OneLine;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;

class TransformationTest {
    private static final RawExamples BYTES =
            RawExamples.ofBytes(2, 10, new int[] {0, 1, 2}, new byte[] {0, 16, 8, 9, 4, 3}, 16, "bytes");
    private static final RawExamples FLOATS =
            RawExamples.ofFloats(2, 10, new int[] {0, 1, 2}, new float[] {0, 1, 0.5f, 0.6f, 0.2f, 0.1f});
    private static final int[] LAST_AND_SECOND = {2, 1};

    @Test
    void keepsBytesAsBytesWithTheirScale() {
        Transformation half = new Transformation(Scaling.UNIT, Binarisation.NONE, List.of(0.5f, 2f), List.of(1f, -1f));
        Examples examples = half.apply(BYTES, LAST_AND_SECOND, 3);
        assertArrayEquals(new byte[] {4, 3, 8, 9}, ((ByteFeatures) examples.features()).bytes());
        assertEquals(3f, examples.feature(0, 0));
        assertEquals(17f, examples.feature(1, 1));
        assertEquals(12, examples.id(0));
        assertEquals(2, examples.label(0));
    }

    @Test
    void scalesFloats() {
        Transformation half = new Transformation(Scaling.UNIT, Binarisation.NONE, List.of(0.5f, 2f), List.of(1f, -1f));
        Examples examples = half.apply(FLOATS, LAST_AND_SECOND, 3);
        assertEquals(Features.Form.FLOATS, examples.features().form());
        assertEquals(1.25f, examples.feature(1, 0));
    }

    @Test
    void binarisesBytesAndFloatsToBytesZeroAndOne() {
        Binarisation aboveHalf = new Binarisation(Binarisation.Type.THRESHOLD, 0.5, 0);
        for (RawExamples raw : new RawExamples[] {BYTES, FLOATS}) {
            float factor = raw == BYTES ? 1f / 16 : 1;
            Examples examples = new Transformation(Scaling.UNIT, aboveHalf, List.of(factor, factor), List.of(0f, 0f))
                    .apply(raw, LAST_AND_SECOND, 3);
            assertArrayEquals(new byte[] {0, 0, 0, 1}, ((ByteFeatures) examples.features()).bytes());
            assertEquals(1f, examples.feature(1, 1));
        }
    }

    @Test
    void aBitDependsOnItsExampleNotOnItsNeighbours() {
        Binarisation bernoulli = new Binarisation(Binarisation.Type.BERNOULLI, 0, 5);
        Transformation drawn = new Transformation(Scaling.UNIT, bernoulli, List.of(1f, 1f), List.of(0f, 0f));
        Examples all = drawn.apply(FLOATS, new int[] {0, 1, 2}, 3);
        Examples alone = drawn.apply(FLOATS, new int[] {1}, 3);
        assertEquals(all.feature(1, 0), alone.feature(0, 0));
        assertEquals(all.feature(1, 1), alone.feature(0, 1));
    }

    @Test
    void refusesExamplesOfAnotherWidth() {
        Transformation one = new Transformation(Scaling.NONE, Binarisation.NONE, List.of(1f), List.of(0f));
        OneLine.ofData(() -> one.apply(BYTES, LAST_AND_SECOND, 3), "got examples of 2 features, expected 1");
    }
}
