package org.coinflip.spark.train;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.coinflip.model.example.Examples;

/**
 * Examples as rows of equal length: id (8 bytes), label (4), value and weight where examples have them (4 each), features (a byte or a float each). What all examples have in common is here.
 *
 * @param width features an example
 * @param classes number of classes
 * @param areBytes whether features are bytes
 * @param scale of bytes; null for floats
 * @param offset of bytes; null for floats
 * @param areValued whether examples have values
 * @param areWeighted whether examples have weights
 */
record ExampleRows(
        int width, int classes, boolean areBytes, float[] scale, float[] offset, boolean areValued, boolean areWeighted)
        implements Serializable {
    private static final int KEYS = Long.BYTES + Integer.BYTES;

    /** The form of some examples. */
    static ExampleRows of(Examples examples) {
        return new ExampleRows(
                examples.width(),
                examples.classes(),
                examples.areBytes(),
                examples.scale(),
                examples.offset(),
                examples.areValued(),
                examples.areWeighted());
    }

    /** Bytes of a row. */
    int length() {
        return KEYS
                + (areValued ? Float.BYTES : 0)
                + (areWeighted ? Float.BYTES : 0)
                + width * (areBytes ? 1 : Float.BYTES);
    }

    /** Writes one example. */
    void write(Examples examples, int place, ByteBuffer out) {
        out.putLong(examples.id(place)).putInt(examples.label(place));
        if (areValued) {
            out.putFloat(examples.value(place));
        }
        if (areWeighted) {
            out.putFloat(examples.weight(place));
        }
        if (areBytes) {
            out.put(examples.bytes(), place * width, width);
        } else {
            for (int j = 0; j < width; j++) {
                out.putFloat(examples.floats()[place * width + j]);
            }
        }
    }

    /** Reads so many examples. */
    Examples read(ByteBuffer rows, int count) {
        long[] ids = new long[count];
        int[] labels = new int[count];
        byte[] bytes = areBytes ? new byte[count * width] : null;
        float[] floats = areBytes ? null : new float[count * width];
        float[] values = areValued ? new float[count] : null;
        float[] weights = areWeighted ? new float[count] : null;
        for (int i = 0; i < count; i++) {
            ids[i] = rows.getLong();
            labels[i] = rows.getInt();
            if (areValued) {
                values[i] = rows.getFloat();
            }
            if (areWeighted) {
                weights[i] = rows.getFloat();
            }
            if (areBytes) {
                rows.get(bytes, i * width, width);
            } else {
                for (int j = 0; j < width; j++) {
                    floats[i * width + j] = rows.getFloat();
                }
            }
        }
        Examples read = areBytes
                ? Examples.ofBytes(width, classes, ids, labels, bytes, scale, offset)
                : Examples.ofFloats(width, classes, ids, labels, floats);
        Examples valued = areValued ? read.withValues(values) : read;
        return areWeighted ? valued.withWeights(weights) : valued;
    }
}
