package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.example.ByteFeatures;
import org.junit.jupiter.api.Test;

class DigitsSourceTest {
    private final RawData data = new DigitsSource().read(new Configuration());

    @Test
    void hasTheExamplesOfTheOriginalTestingSet() {
        assertEquals(1797, data.development().size());
        assertEquals(64, data.development().width());
        assertEquals(new ImageShape(8, 8), data.image());
        int[] histogram = new int[10];
        for (int i = 0; i < data.development().size(); i++) {
            histogram[data.development().label(i)]++;
        }
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, histogram);
    }

    @Test
    void startsWithTheFirstLineOfOptdigits() {
        byte[] firstRows = {0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0};
        assertArrayEquals(
                firstRows, Arrays.copyOf(((ByteFeatures) data.development().features()).bytes(), 16));
        assertEquals(0, data.development().label(0));
    }

    @Test
    void hasPixelsFromZeroToItsMaximum() {
        int least = 255;
        int greatest = 0;
        for (byte pixel : ((ByteFeatures) data.development().features()).bytes()) {
            least = Math.min(least, pixel);
            greatest = Math.max(greatest, pixel);
        }
        assertEquals(0, least);
        assertEquals(data.development().byteMaximum(), greatest);
    }

    @Test
    void bringsItsLicence() {
        String notice =
                new String(StoredBytes.resource("/org/coinflip/data/digits/NOTICE.txt"), StandardCharsets.UTF_8);
        assertTrue(notice.contains("CC BY 4.0") && notice.contains("10.24432/C50P49"), notice);
    }
}
