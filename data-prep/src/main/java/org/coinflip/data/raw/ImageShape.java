package org.coinflip.data.raw;

import java.io.Serializable;

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

    /** A picture of grey. */
    public ImageShape(int rows, int columns) {
        this(rows, columns, 1);
    }

    /** How many features there are. */
    public long features() {
        return (long) rows * columns * planes;
    }
}
