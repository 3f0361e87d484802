package org.coinflip.data.source;

import java.util.function.Function;
import org.coinflip.model.settings.Section;

/** The values of {@code data.source}. A new source is one class and one line here. */
public enum SourceType {
    /** 1797 handwritten digits of 8 × 8 pixels that this module brings along. */
    DIGITS(section -> new DigitsSource()),
    /** A folder with the four original files of MNIST, or of a data set in its form. */
    MNIST(MnistSource::read),
    /** Any pair of IDX files, images and labels. */
    IDX(IdxSource::read),
    /** A table of numbers with a column of labels. */
    CSV(CsvSource::read),
    /** A folder that {@code prepare} wrote. */
    PREPARED(PreparedSource::read);

    private final Function<Section, Source> reading;

    SourceType(Function<Section, Source> reading) {
        this.reading = reading;
    }

    /** Reads this source's own keys. */
    public Source read(Section section) {
        return reading.apply(section);
    }

    /** As it is written in an experiment file. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
