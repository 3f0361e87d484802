package org.coinflip.data.raw;

import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.model.settings.Section;

/**
 * How the features of an example make a picture: plane by plane, each row by row from the top left.
 *
 * @param rows height in pixels; 0 where the features are no picture
 * @param columns width in pixels; 0 where the features are no picture
 * @param planes 1 of grey, 3 of red, green and blue; 0 where the features are no picture
 */
public record ImageShape(int rows, int columns, int planes) implements Serializable {
    /** Features that are no picture. */
    public static final ImageShape NONE = new ImageShape(0, 0, 0);

    private static final int MOST_PIXELS = 1 << 14;

    /** A picture of grey. */
    public ImageShape(int rows, int columns) {
        this(rows, columns, 1);
    }

    /** The keys {@code rows} and {@code columns}, given together or not at all: a picture of grey, of at most 16,384 pixels a side. */
    public static Optional<ImageShape> read(Section section) {
        OptionalInt rows = section.optionalInteger("rows", 1, MOST_PIXELS);
        OptionalInt columns = section.optionalInteger("columns", 1, MOST_PIXELS);
        if (rows.isPresent() != columns.isPresent()) {
            String missing = rows.isPresent() ? "columns" : "rows";
            throw section.wrong(missing, "a number of pixels: rows and columns are given together or not at all");
        }
        return rows.isPresent() ? Optional.of(new ImageShape(rows.getAsInt(), columns.getAsInt())) : Optional.empty();
    }

    /** How many features there are. */
    public long features() {
        return (long) rows * columns * planes;
    }
}
