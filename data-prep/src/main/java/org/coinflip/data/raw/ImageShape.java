package org.coinflip.data.raw;

import java.io.Serializable;

/**
 * How the features of an example make a picture, row by row from the top left.
 *
 * @param rows height in pixels; 0 where the features are no picture
 * @param columns width in pixels; 0 where the features are no picture
 */
public record ImageShape(int rows, int columns) implements Serializable {
    /** Features that are no picture. */
    public static final ImageShape NONE = new ImageShape(0, 0);
}
