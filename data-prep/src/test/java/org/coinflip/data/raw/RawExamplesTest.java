package org.coinflip.data.raw;

import org.coinflip.data.OneLine;
import org.junit.jupiter.api.Test;

class RawExamplesTest {
    @Test
    void refusesAByteAboveItsMaximum() {
        OneLine.ofData(
                () -> RawExamples.ofBytes(2, 0, new int[2], new byte[] {0, 16, 17, 0}, 16, "digits"),
                "digits: example 1 has the byte 17, expected 0 to 16");
    }

    @Test
    void wantsAsManyFeaturesAsWidthTimesExamples() {
        OneLine.ofData(
                () -> RawExamples.ofFloats(2, 0, new int[2], new float[3]),
                "got 3 features, expected 2 for each of 2 examples");
    }
}
