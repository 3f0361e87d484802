package org.coinflip.data.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.file.SourceContent;

/**
 * 1797 handwritten digits of 8 × 8 pixels, a pixel 0 to 16, embedded in this module; example ids 0 … 1796.
 *
 * <p>Alpaydin, Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
 * doi:10.24432/C50P49, CC BY 4.0; see NOTICE.txt beside the files.
 */
public record DigitsSource() implements RawSource {
    private static final String FOLDER = "/org/coinflip/data/digits/";
    private static final int DARKEST = 16;
    private static final int HELD_OUT = 250;

    @Override
    public SourceType type() {
        return SourceType.DIGITS;
    }

    @Override
    public Map<String, Object> keys() {
        return Map.of();
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    @Override
    public int heldOutByDefault(int examples) {
        return HELD_OUT;
    }

    @Override
    public RawData read(Configuration conf) {
        IdxPair pair = IdxPair.of(
                SourceContent.resource(FOLDER + "images-idx3-ubyte.gz", IdxPair.IMAGES),
                Optional.of(SourceContent.resource(FOLDER + "labels-idx1-ubyte.gz", IdxPair.LABELS)),
                OptionalInt.of(10),
                0,
                DARKEST);
        return new RawData("digits", 10, pair.image(), pair.examples(), Optional.empty(), List.copyOf(pair.files()));
    }
}
