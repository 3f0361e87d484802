package org.coinflip.data.source.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.error.DataException;

/**
 * A MAT-file of Level 5 (MATLAB 5 to 7.2, {@code save -v6} and {@code -v7}): a header of 128 bytes, whose last two tell the order of bytes, then variables, each an array by itself or as a
 * zlib stream. It is read once; of variables that are not wanted the name alone.
 *
 * <p>MathWorks, "MAT-File Format", chapter 1.
 */
public final class MatFile {
    private static final String EXPECTED = "a MAT-file of Level 5";
    private static final String REMEDY = ": save it again with -v7";
    private static final int HEADER = 128;
    private static final int VERSION_AT = 124;
    private static final int ORDER_AT = 126;
    private static final int LEVEL_5 = 0x0100;
    private static final int HDF5 = 0x0200;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int OPAQUE = 17;
    private static final int BUFFER = 1 << 16;
    /** MATLAB's own are of at most 63 bytes, and of as many dimensions as one writes. */
    private static final int MOST_NAME = 1 << 10;

    private static final int MOST_DIMENSIONS = 64;

    private final String path;
    private final Optional<String> variable;
    private final Optional<String> labelVariable;
    private final List<String> names = new ArrayList<>();
    private MatMatrix matrix;
    private MatMatrix labels;
    private SourceFile file;

    private MatFile(String path, Optional<String> variable, Optional<String> labelVariable) {
        this.path = path;
        this.variable = variable;
        this.labelVariable = labelVariable;
    }

    /**
     * Reads a file, gzipped or not.
     *
     * @param path any Hadoop path
     * @param variable name of the matrix; absent where it is the only one but for the labels
     * @param labelVariable name of the labels' matrix; absent where there are none
     * @throws DataException where the file is missing, damaged or of another form, or lacks the variables
     */
    public static MatFile read(
            String path, Optional<String> variable, Optional<String> labelVariable, Configuration conf) {
        MatFile read = new MatFile(path, variable, labelVariable);
        try (SourceStream stored = new SourceStream(StoredBytes.path(path), EXPECTED, conf)) {
            try {
                read.variables(stored.content());
            } catch (IOException e) {
                stored.requireRead();
                throw new DataException(
                        path + ": is truncated or damaged (" + StoredBytes.firstLine(e) + "), expected " + EXPECTED
                                + ": fetch the file again",
                        e);
            }
            read.file = stored.file();
        }
        read.requireWanted();
        return read;
    }

    /** Where it is stored. */
    public String path() {
        return path;
    }

    /** The matrix. */
    public MatMatrix matrix() {
        return matrix;
    }

    /** The labels; present where they were asked for. */
    public Optional<MatMatrix> labels() {
        return Optional.ofNullable(labels);
    }

    /** The file as it was stored. */
    public SourceFile file() {
        return file;
    }

    private void variables(InputStream in) throws IOException {
        ByteOrder order = order(in.readNBytes(HEADER));
        for (byte[] tag = in.readNBytes(8); tag.length > 0; tag = in.readNBytes(8)) {
            ByteBuffer words = words(tag, order);
            int type = words.getInt();
            LimitedStream element = new LimitedStream(in, Integer.toUnsignedLong(words.getInt()));
            if (type == COMPRESSED) {
                inflated(element, order);
            } else if (type == MATRIX) {
                variable(element, order);
            } else {
                throw refused(
                        "got an element of the type " + Integer.toUnsignedString(type),
                        "an array (" + MATRIX + "), compressed (" + COMPRESSED + ") or not");
            }
            element.skipNBytes(element.left());
        }
    }

    private static ByteBuffer words(byte[] tag, ByteOrder order) throws IOException {
        if (tag.length < 8) {
            throw new EOFException("it ends in a tag");
        }
        return ByteBuffer.wrap(tag).order(order);
    }

    private ByteOrder order(byte[] header) {
        String start = new String(header, 0, Math.min(10, header.length), StandardCharsets.ISO_8859_1);
        boolean isWhole = header.length == HEADER;
        int mark = isWhole ? ByteBuffer.wrap(header).getShort(ORDER_AT) : 0;
        ByteOrder order = mark == 0x494D ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int version = isWhole ? ByteBuffer.wrap(header).order(order).getShort(VERSION_AT) : 0;
        if (version == HDF5 || start.startsWith("\u0089HDF") || start.equals("MATLAB 7.3")) {
            throw refused("got a MAT-file of version 7.3, which is HDF5", EXPECTED);
        }
        if ((mark != 0x494D && mark != 0x4D49) || version != LEVEL_5) {
            throw refused(
                    "got " + (isWhole ? "a header of another form" : header.length + " bytes"),
                    EXPECTED + ", whose header of " + HEADER + " bytes ends in its version and IM or MI");
        }
        return order;
    }

    /** What is in a zlib stream is one array, neither more nor less than its tag says. */
    private void inflated(LimitedStream element, ByteOrder order) throws IOException {
        Inflater inflater = new Inflater();
        try {
            InputStream plain = new InflaterInputStream(element, inflater, BUFFER);
            ByteBuffer words = words(plain.readNBytes(8), order);
            int type = words.getInt();
            if (type != MATRIX) {
                throw refused(
                        "got a compressed element of the type " + Integer.toUnsignedString(type),
                        "an array (" + MATRIX + ")");
            }
            boolean isRead = variable(new LimitedStream(plain, Integer.toUnsignedLong(words.getInt())), order);
            if (isRead && (plain.read() >= 0 || inflater.getRemaining() > 0 || element.left() > 0)) {
                throw refused("got more in a compressed element than its array", "nothing after it");
            }
        } finally {
            inflater.end();
        }
    }

    /** Whether the variable is wanted, and read to its end. */
    private boolean variable(LimitedStream in, ByteOrder order) throws IOException {
        if (in.left() == 0) {
            return false;
        }
        MatParts parts = new MatParts(in, order);
        int flags = part(parts, "flags", MatParts.UINT32, 8, 8).getInt();
        int[] sizes = (flags & 0xFF) == OPAQUE ? new int[0] : sizes(parts);
        String name = name(parts);
        // what has no name are parts of objects
        if (name.isEmpty()) {
            return false;
        }
        names.add(name);
        boolean isLabels = labelVariable.filter(name::equals).isPresent();
        boolean isMatrix = variable.map(name::equals).orElse(!isLabels && matrix == null);
        if (!isLabels && !isMatrix) {
            return false;
        }
        if (isLabels ? labels != null : matrix != null) {
            throw refused("got two variables " + Shown.of(name), "one of each name");
        }
        MatMatrix read = MatMatrix.read(path + ": variable " + Shown.of(name), flags, sizes, parts);
        labels = isLabels ? read : labels;
        matrix = isLabels ? matrix : read;
        return true;
    }

    private int[] sizes(MatParts parts) throws IOException {
        ByteBuffer numbers = part(parts, "dimensions", MatParts.INT32, 8, 4 * MOST_DIMENSIONS);
        int[] sizes = new int[numbers.remaining() / 4];
        for (int d = 0; d < sizes.length; d++) {
            sizes[d] = numbers.getInt();
        }
        return sizes;
    }

    private String name(MatParts parts) throws IOException {
        parts.next();
        if (parts.type() != MatParts.INT8 && parts.type() != MatParts.UTF8) {
            throw refused("got a name of the type " + Integer.toUnsignedString(parts.type()), "a text");
        }
        return StandardCharsets.UTF_8.decode(parts.content(MOST_NAME)).toString();
    }

    private ByteBuffer part(MatParts parts, String what, int type, int least, int most) throws IOException {
        parts.next();
        if (parts.type() != type || parts.length() < least || parts.length() > most || parts.length() % 4 != 0) {
            throw refused(
                    "got " + what + " of the type " + Integer.toUnsignedString(parts.type()) + " in " + parts.length()
                            + " bytes",
                    "the type " + type + " in " + least + " to " + most);
        }
        return parts.content(most);
    }

    private void requireWanted() {
        String has = names.isEmpty() ? "no variable" : "the variables " + Shown.of(String.join(", ", names));
        if (labelVariable.isPresent() && labels == null) {
            throw new DataException(path + ": got " + has + ", expected " + labelVariable.get()
                    + " among them: correct data.label-variable");
        }
        if (matrix == null) {
            throw new DataException(path + ": got " + has + ", expected "
                    + variable.map(name -> name + " among them: correct data.variable")
                            .orElse("a matrix: save one"));
        }
        if (variable.isEmpty() && names.size() > (labels == null ? 1 : 2)) {
            throw new DataException(path + ": got " + has + ", expected one"
                    + (labels == null ? "" : " beside the labels") + ": say by data.variable which it is");
        }
    }

    private DataException refused(String got, String expected) {
        return new DataException(path + ": " + got + ", expected " + expected + REMEDY);
    }
}
