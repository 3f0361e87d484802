package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;

/** Small files, all right, whose changes are tried: a seed corpus. */
final class SeedCorpus {
    private SeedCorpus() {}

    static byte[] csv() {
        StringBuilder table = new StringBuilder("id,size,colour,when,part,weight,kind\n");
        for (int i = 0; i < 24; i++) {
            table.append(100 - i)
                    .append(',')
                    .append(i % 7 == 6 ? "NA" : i / 3f)
                    .append(i % 2 == 0 ? ",red," : ",\"blue, light\",");
            table.append("2026-11-")
                    .append(10 + i % 20)
                    .append(',')
                    .append(List.of("train", "valid", "test", "train").get(i % 4));
            table.append(',').append(i % 5).append(i % 3 == 0 ? ",a\n" : ",b\n");
        }
        return table.toString().getBytes(UTF_8);
    }

    static byte[] libsvm() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            lines.append(i % 3 - 1)
                    .append(" qid:")
                    .append(i / 4)
                    .append(" 1:")
                    .append(i / 3f)
                    .append(" 3:-2e")
                    .append(i % 4);
            lines.append(i % 5 == 0 ? " 7:1 # comment\n" : "\n");
        }
        return lines.toString().getBytes(UTF_8);
    }

    /** Images of bytes, in IDX's form. */
    static byte[] images() {
        return IdxBytes.images(24, 3, 2);
    }

    /** As many of floats. */
    static byte[] floats() {
        byte[] values = new byte[24 * 6 * 4];
        for (int k = 0; k < values.length; k += 4) {
            ByteBuffer.wrap(values).putFloat(k, k / 7f);
        }
        return IdxBytes.file(0x0D03, new int[] {24, 3, 2}, values);
    }

    /** A matrix of six features, and labels. */
    static byte[] mat(MatBytes file) {
        double[] columns = new double[24 * 6];
        int[] classes = new int[24];
        for (int k = 0; k < columns.length; k++) {
            columns[k] = k / 7.0;
            classes[k % 24] = k % 3;
        }
        return file.doubles("X", 24, columns).ints("y", classes).file();
    }

    /** Labels of either. */
    static byte[] labels() {
        return IdxBytes.labels(24, 3);
    }
}
