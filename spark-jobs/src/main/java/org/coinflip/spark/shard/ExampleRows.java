package org.coinflip.spark.shard;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseFeatures;
import org.coinflip.model.example.SparseRows;

/**
 * Examples as rows of bytes: id (8 bytes), label (4), values and weight where examples have them (4 each), features: a byte or a float each, or the number of those that are listed (4), their
 * indices and what they are (4 each). What all examples have in common is here.
 *
 * @param width features an example
 * @param classes number of classes
 * @param form how features are written
 * @param scale of bytes and of listed features; null where these are what they say
 * @param offset of bytes and of listed features; null where these are what they say
 * @param targets values an example
 * @param areWeighted whether examples have weights
 */
record ExampleRows(
        int width, int classes, Features.Form form, float[] scale, float[] offset, int targets, boolean areWeighted)
        implements Serializable {
    /** The form of some examples. */
    static ExampleRows of(Examples examples) {
        Features features = examples.features();
        return new ExampleRows(
                features.width(),
                examples.classes(),
                features.form(),
                features.scale(),
                features.offset(),
                examples.targets(),
                examples.areWeighted());
    }

    /** Bytes of the row of an example. */
    int length(Features features, int place) {
        return Long.BYTES
                + Integer.BYTES
                + targets * Float.BYTES
                + (areWeighted ? Float.BYTES : 0)
                + switch (form) {
                    case BYTES -> width;
                    case FLOATS -> width * Float.BYTES;
                    case SPARSE -> Integer.BYTES
                            + entries((SparseFeatures) features, place) * SparseFeatures.ENTRY_BYTES;
                };
    }

    private static int entries(SparseFeatures features, int place) {
        return features.start(place + 1) - features.start(place);
    }

    /** Writes one example. */
    void write(Examples examples, int place, ByteBuffer out) {
        out.putLong(examples.id(place)).putInt(examples.label(place));
        for (int j = 0; j < targets; j++) {
            out.putFloat(examples.value(place, j));
        }
        if (areWeighted) {
            out.putFloat(examples.weight(place));
        }
        if (examples.features() instanceof ByteFeatures bytes) {
            out.put(bytes.bytes(), place * width, width);
        } else if (examples.features() instanceof FloatFeatures floats) {
            for (int j = 0; j < width; j++) {
                out.putFloat(floats.floats()[place * width + j]);
            }
        } else {
            SparseFeatures listed = (SparseFeatures) examples.features();
            out.putInt(entries(listed, place));
            for (int k = listed.start(place); k < listed.start(place + 1); k++) {
                out.putInt(listed.index(k)).putFloat(listed.listed(k));
            }
        }
    }

    /** Reads so many examples. */
    Examples read(ByteBuffer rows, int count) {
        long[] ids = new long[count];
        int[] labels = new int[count];
        byte[] bytes = form == Features.Form.BYTES ? new byte[count * width] : null;
        float[] floats = form == Features.Form.FLOATS ? new float[count * width] : null;
        SparseRows listed = form == Features.Form.SPARSE ? new SparseRows(width) : null;
        float[] values = new float[count * targets];
        float[] weights = areWeighted ? new float[count] : null;
        for (int i = 0; i < count; i++) {
            ids[i] = rows.getLong();
            labels[i] = rows.getInt();
            for (int j = 0; j < targets; j++) {
                values[i * targets + j] = rows.getFloat();
            }
            if (areWeighted) {
                weights[i] = rows.getFloat();
            }
            if (bytes != null) {
                rows.get(bytes, i * width, width);
            } else if (floats != null) {
                for (int j = 0; j < width; j++) {
                    floats[i * width + j] = rows.getFloat();
                }
            } else {
                for (int left = rows.getInt(); left > 0; left--) {
                    listed.add(rows.getInt(), rows.getFloat());
                }
                listed.end();
            }
        }
        Features features =
                switch (form) {
                    case BYTES -> new ByteFeatures(count, width, bytes, scale, offset);
                    case FLOATS -> new FloatFeatures(count, width, floats);
                    case SPARSE -> listed.done(scale, offset);
                };
        Examples read = Examples.of(features, classes, ids, labels);
        Examples valued = targets == 0 ? read : read.withValues(targets, values);
        return areWeighted ? valued.withWeights(weights) : valued;
    }
}
