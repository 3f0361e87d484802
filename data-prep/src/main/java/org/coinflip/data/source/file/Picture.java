package org.coinflip.data.source.file;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.model.error.DataException;

/**
 * A decoded picture: bytes as the file has them, without management of colours, a plane for grey or three for red, green and blue.
 *
 * @param form its size and planes
 * @param bytes plane by plane, row by row from the top left
 */
public record Picture(Form form, byte[] bytes) {
    public static final String EXPECTED = "a picture of PNG or JPEG";

    /** What a decoder takes for a pixel, several times over. */
    private static final int BYTES_OF_A_PIXEL = 64;

    private static final int OPAQUE = 0xFF;

    /**
     * Size and colours.
     *
     * @param rows height in pixels
     * @param columns width in pixels
     * @param planes 1 of grey, 3 of red, green and blue
     */
    public record Form(int rows, int columns, int planes) {
        /** Bytes of such a picture. */
        public int width() {
            return Math.multiplyExact(Math.multiplyExact(rows, columns), planes);
        }

        public ImageShape shape() {
            return new ImageShape(rows, columns, planes);
        }

        @Override
        public String toString() {
            return rows + " × " + columns + (planes == 1 ? " pixels of grey" : " pixels of colours");
        }
    }

    /**
     * Decodes a file.
     *
     * @param path the file, for messages
     * @throws DataException where it is no PNG or JPEG, is cut, damaged or transparent, or larger than memory
     */
    public static Picture decode(String path, byte[] file) {
        String format = format(path, file);
        AtomicReference<String> warning = new AtomicReference<>();
        ImageReader reader = reader(format);
        try {
            reader.addIIOReadWarningListener((source, text) -> warning.compareAndSet(null, text));
            reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, true);
            requireRoom(path, reader.getWidth(0), reader.getHeight(0));
            Picture picture = of(path, reader.read(0));
            // what the decoder of JPEG fills up with grey, it says in a warning
            if (warning.get() != null) {
                throw damaged(path, warning.get(), null);
            }
            return picture;
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException known) {
                throw known;
            }
            throw damaged(path, StoredBytes.firstLine(e), e);
        } finally {
            reader.dispose();
        }
    }

    private static String format(String path, byte[] file) {
        if (PngChunks.isPng(file)) {
            PngChunks.requireWhole(path, file);
            return "png";
        }
        if (file.length >= 3 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == 0xD8 && (file[2] & 0xFF) == 0xFF) {
            return "jpeg";
        }
        throw new DataException(path + ": begins as no PNG or JPEG does, expected " + EXPECTED
                + ": convert it, or move it out of the folder");
    }

    /** The JDK's own: others that are on the class path decode JPEG to other bits. */
    private static ImageReader reader(String format) {
        Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName(format);
        while (all.hasNext()) {
            ImageReader reader = all.next();
            if ("java.desktop".equals(reader.getClass().getModule().getName())) {
                return reader;
            }
        }
        throw new IllegalStateException(
                "this Java has no reader of " + format + ": use one with the module java.desktop");
    }

    private static void requireRoom(String path, int columns, int rows) {
        long most = Runtime.getRuntime().maxMemory() / BYTES_OF_A_PIXEL;
        if ((long) columns * rows > most) {
            throw new DataException(path + ": got a picture of " + rows + " × " + columns + " pixels, expected at most "
                    + most + " pixels: make it smaller, or give more memory by DRIVER_MEMORY");
        }
    }

    private static DataException damaged(String path, String why, Exception cause) {
        return new DataException(
                path + ": cannot be decoded (" + why + "), expected " + EXPECTED + ": save it again", cause);
    }

    private static Picture of(String path, BufferedImage image) {
        Raster raster = image.getRaster();
        int pixels = image.getWidth() * image.getHeight();
        int[][] bands = image.getColorModel() instanceof IndexColorModel
                ? ofPalette(image, pixels)
                : ofSamples(path, raster, pixels);
        int alpha = bands.length % 2 == 0 ? bands.length - 1 : bands.length;
        if (alpha < bands.length && Arrays.stream(bands[alpha]).anyMatch(a -> a != OPAQUE)) {
            throw new DataException(
                    path
                            + ": has transparent pixels, expected none: save it without transparency, on the ground that it is to have");
        }
        byte[] bytes = new byte[alpha * pixels];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) bands[k / pixels][k % pixels];
        }
        return new Picture(new Form(image.getHeight(), image.getWidth(), alpha), bytes);
    }

    /** The samples, of 16 bits to the nearest of 8. */
    private static int[][] ofSamples(String path, Raster raster, int pixels) {
        int[][] bands = new int[raster.getNumBands()][];
        if (bands.length > 4) {
            throw damaged(path, bands.length + " samples a pixel", null);
        }
        for (int b = 0; b < bands.length; b++) {
            int most = (1 << raster.getSampleModel().getSampleSize(b)) - 1;
            bands[b] = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), b, new int[pixels]);
            for (int k = 0; k < pixels; k++) {
                bands[b][k] = (bands[b][k] * OPAQUE + most / 2) / most;
            }
        }
        return bands;
    }

    /** Red, green, blue and opacity; grey and opacity where no colour of the palette is any other. */
    private static int[][] ofPalette(BufferedImage image, int pixels) {
        int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        IndexColorModel palette = (IndexColorModel) image.getColorModel();
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        boolean isGrey = Arrays.stream(colours)
                .allMatch(c -> (c >> 16 & 0xFF) == (c >> 8 & 0xFF) && (c >> 8 & 0xFF) == (c & 0xFF));
        int[] shifts = isGrey ? new int[] {0, 24} : new int[] {16, 8, 0, 24};
        int[][] bands = new int[shifts.length][pixels];
        for (int b = 0; b < shifts.length; b++) {
            for (int k = 0; k < pixels; k++) {
                bands[b][k] = argb[k] >> shifts[b] & 0xFF;
            }
        }
        return bands;
    }

    /**
     * The same in another form. Grey of colours is their luma, {@code 0.299 R + 0.587 G + 0.114 B} (ITU-R BT.601); colours of grey are thrice the same.
     */
    public Picture as(Form other) {
        Picture converted = form.planes == other.planes ? this : other.planes == 1 ? grey() : coloured();
        return converted.scaled(other.rows, other.columns);
    }

    private Picture grey() {
        int pixels = form.rows * form.columns;
        byte[] grey = new byte[pixels];
        for (int k = 0; k < pixels; k++) {
            int luma =
                    299 * (bytes[k] & 0xFF) + 587 * (bytes[pixels + k] & 0xFF) + 114 * (bytes[2 * pixels + k] & 0xFF);
            grey[k] = (byte) ((luma + 500) / 1000);
        }
        return new Picture(new Form(form.rows, form.columns, 1), grey);
    }

    private Picture coloured() {
        byte[] thrice = new byte[3 * bytes.length];
        for (int plane = 0; plane < 3; plane++) {
            System.arraycopy(bytes, 0, thrice, plane * bytes.length, bytes.length);
        }
        return new Picture(new Form(form.rows, form.columns, 3), thrice);
    }

    /** The same of another size: each pixel is the mean of the area that it covers, parts of pixels by their part, rounded to the nearest. Proportions are not kept. */
    Picture scaled(int rows, int columns) {
        if (rows == form.rows && columns == form.columns) {
            return this;
        }
        Form other = new Form(rows, columns, form.planes);
        byte[] scaled = new byte[other.width()];
        // in units of a part of a pixel: this picture is rows × form.rows high, a pixel of the other form.rows
        long area = (long) form.rows * form.columns;
        for (int plane = 0; plane < form.planes; plane++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    long sum = covered(plane, i, rows, j, columns);
                    scaled[(plane * rows + i) * columns + j] = (byte) ((sum + area / 2) / area);
                }
            }
        }
        return new Picture(other, scaled);
    }

    private long covered(int plane, int i, int rows, int j, int columns) {
        long top = (long) i * form.rows;
        long left = (long) j * form.columns;
        long sum = 0;
        for (int r = (int) (top / rows); (long) r * rows < top + form.rows; r++) {
            long height = overlap(top, form.rows, (long) r * rows, rows);
            int row = (plane * form.rows + r) * form.columns;
            for (int c = (int) (left / columns); (long) c * columns < left + form.columns; c++) {
                sum += height * overlap(left, form.columns, (long) c * columns, columns) * (bytes[row + c] & 0xFF);
            }
        }
        return sum;
    }

    private static long overlap(long from, long length, long other, long otherLength) {
        return Math.min(from + length, other + otherLength) - Math.max(from, other);
    }
}
