package org.coinflip.data.source.file;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.model.error.DataException;

/**
 * The header of an IDX file and where its values are. Big-endian: the magic number {@code 0x0000TTDD} (TT the type of a value, DD the
 * number of dimensions), then DD sizes of 32 bits, then the values.
 *
 * <p>LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
 */
public final class IdxFile {
    /** Values of the types that are read, as the magic number has them. */
    public static final int BYTES = 0x08;

    public static final int SHORTS = 0x0B;
    static final int INTS = 0x0C;
    static final int FLOATS = 0x0D;

    private final SourceContent content;
    private final int type;
    private final int[] sizes;

    /**
     * Reads the header and holds the length of the file against it.
     *
     * @param magics the magic numbers that are right here
     * @param expected what the file should be, for messages
     */
    public IdxFile(SourceContent content, List<Integer> magics, String expected) {
        this.content = content;
        byte[] bytes = content.bytes();
        if (bytes.length < 4) {
            throw new DataException(content.path() + ": got " + bytes.length + " bytes, expected " + expected
                    + ", which starts with a magic number of 4 bytes: fetch the file again");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int magic = header.getInt();
        if (!magics.contains(magic)) {
            throw new DataException(content.path() + ": got the magic number " + written(magic) + ", expected "
                    + String.join(" or ", magics.stream().map(IdxFile::written).toList()) + " of " + expected
                    + ": give the right file");
        }
        type = magic >>> 8;
        sizes = new int[magic & 0xFF];
        if (header.remaining() < 4 * sizes.length) {
            throw new DataException(content.path() + ": got " + bytes.length + " bytes, expected a header of "
                    + (4 + 4 * sizes.length) + ": fetch the file again");
        }
        long values = 1;
        for (int d = 0; d < sizes.length; d++) {
            sizes[d] = header.getInt();
            if (sizes[d] < 1) {
                throw new DataException(content.path() + ": got size " + Integer.toUnsignedString(sizes[d])
                        + " in dimension " + d + ", expected from 1 to " + Integer.MAX_VALUE
                        + ": it has no examples, or its header is damaged: fetch the file again");
            }
            values = Math.min(values * sizes[d], Integer.MAX_VALUE * 8L);
        }
        long length = 4 + 4L * sizes.length + values * valueBytes();
        if (length != bytes.length) {
            throw new DataException(content.path() + ": got " + bytes.length + " bytes, expected " + length + " for "
                    + sizes[0] + " examples, as the header says: fetch the file again");
        }
    }

    public int type() {
        return type;
    }

    public int examples() {
        return sizes[0];
    }

    /** Values an example. */
    public int width() {
        int width = 1;
        for (int d = 1; d < sizes.length; d++) {
            width *= sizes[d];
        }
        return width;
    }

    /** Rows and columns, where an example has two dimensions. */
    public ImageShape image() {
        return sizes.length == 3 ? new ImageShape(sizes[1], sizes[2]) : ImageShape.NONE;
    }

    /** The values, from the first on. */
    public ByteBuffer values() {
        int start = 4 + 4 * sizes.length;
        return ByteBuffer.wrap(content.bytes(), start, content.bytes().length - start);
    }

    private int valueBytes() {
        return switch (type) {
            case BYTES -> 1;
            case SHORTS -> 2;
            default -> 4;
        };
    }

    private static String written(int magic) {
        return String.format(Locale.ROOT, "0x%08X (%d)", magic, magic);
    }
}
