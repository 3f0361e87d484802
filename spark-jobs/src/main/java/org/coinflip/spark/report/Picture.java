package org.coinflip.spark.report;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An example that was taken for another class, as a picture: black is its own least value, white, or a colour at its strongest, its greatest.
 *
 * @param caption its class, the class it was taken for, and what the network gave its class
 * @param title its id
 * @param pixels a byte a pixel, row by row from the top left, in Base64; of colours all reds, then greens, then blues
 */
record Picture(String caption, String title, int rows, int columns, String pixels) {
    /** A picture with more pixels along a side is drawn from the means of square blocks: it is shown small anyway. */
    private static final int LONGEST_SIDE = 64;

    private static final int WHITE = 255;

    /** The mistakes of the run in its order; none where its examples are no pictures. */
    static List<Picture> ofMistakes(Fields run) {
        int rows = side(run, "rows");
        int columns = side(run, "columns");
        int planes = Math.max(1, side(run, "planes"));
        return rows < 1 || columns < 1
                ? List.of()
                : run.list("mistakes").stream()
                        .flatMap(mistake -> of(mistake, rows, columns, planes).stream())
                        .toList();
    }

    /** Nothing where the example is no mistake after all, or its features do not make the picture. */
    private static Optional<Picture> of(Fields example, int rows, int columns, int planes) {
        double[] features = Fields.numbers(example.values().get("features"));
        Optional<String> label = example.text("label");
        Optional<String> predicted = example.text("predicted");
        boolean mistaken = label.isPresent() && predicted.isPresent() && !label.equals(predicted);
        if (!mistaken || features.length != Math.multiplyFull(rows, columns) * planes) {
            return Optional.empty();
        }
        int block = (Math.max(rows, columns) + LONGEST_SIDE - 1) / LONGEST_SIDE;
        int drawnRows = (rows + block - 1) / block;
        int drawnColumns = (columns + block - 1) / block;
        int pixels = drawnRows * drawnColumns;
        double[] drawn = new double[planes * pixels];
        for (int i = 0; i < drawn.length; i++) {
            int plane = i / pixels * rows * columns;
            int pixel = i % pixels;
            int top = pixel / drawnColumns * block;
            int left = pixel % drawnColumns * block;
            int bottom = Math.min(rows, top + block);
            int right = Math.min(columns, left + block);
            drawn[i] = mean(features, plane, columns, top, bottom, left, right);
        }
        String chance = example.number("probability").stream()
                .mapToObj(p -> ", p\u00a0" + chance(p))
                .findFirst()
                .orElse("");
        return Optional.of(new Picture(
                "true " + label.get() + "\u00a0→\u00a0" + predicted.get() + chance,
                example.text("id").map("example "::concat).orElse(""),
                drawnRows,
                drawnColumns,
                Base64.getEncoder().encodeToString(greys(drawn))));
    }

    private static int side(Fields run, String key) {
        return (int) run.section("image").number(key).orElse(0);
    }

    /** The mean of a block of a plane; NaN where a value is. */
    private static double mean(double[] features, int plane, int columns, int top, int bottom, int left, int right) {
        double sum = 0;
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                sum += features[plane + row * columns + column];
            }
        }
        return sum / ((bottom - top) * (right - left));
    }

    /** The values on their own range; what is not finite is black, and so is a picture of one value. */
    private static byte[] greys(double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
        }
        byte[] greys = new byte[values.length];
        for (int i = 0; i < greys.length; i++) {
            boolean grey = Double.isFinite(values[i]) && greatest > least;
            greys[i] = (byte) (grey ? Math.round(WHITE * (values[i] - least) / (greatest - least)) : 0);
        }
        return greys;
    }

    private static String chance(double probability) {
        if (probability < 0.001) {
            return "<\u00a00.001";
        }
        return String.format(Locale.ROOT, probability < 0.01 ? "=\u00a0%.3f" : "=\u00a0%.2f", probability);
    }
}
