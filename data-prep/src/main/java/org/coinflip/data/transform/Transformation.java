package org.coinflip.data.transform;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coinflip.data.source.RawExamples;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * What a source's features go through, fitted once on the training split and then the same for every example:
 * {@code x'_j = scale_j · x_j + offset_j} (one rounding), then {@link Binarisation}. Bytes that are not binarised stay bytes: their
 * scale and offset go with them. Immutable.
 *
 * @param scaling the rule that scale and offset follow
 * @param binarisation what comes after scaling
 * @param scale a finite factor for each feature
 * @param offset a finite summand for each feature
 */
public record Transformation(Scaling scaling, Binarisation binarisation, List<Float> scale, List<Float> offset)
        implements Serializable {
    public Transformation {
        scale = List.copyOf(scale);
        offset = List.copyOf(offset);
        if (scale.size() != offset.size()) {
            throw new IllegalArgumentException(
                    "got " + scale.size() + " scales and " + offset.size() + " offsets, expected as many");
        }
    }

    /** Features this transformation is for. */
    public int width() {
        return scale.size();
    }

    /** The factor of each feature that is kept as a byte: {@link #scale}, or ones where the bytes are bits already. */
    public float[] byteScale() {
        return floats(binarisation.applies() ? Collections.nCopies(width(), 1f) : scale);
    }

    /** The summand of each feature that is kept as a byte: {@link #offset}, or zeros where the bytes are bits already. */
    public float[] byteOffset() {
        return floats(binarisation.applies() ? Collections.nCopies(width(), 0f) : offset);
    }

    /**
     * Some examples as a network sees them.
     *
     * @param raw the examples, not modified
     * @param places which of them, in the order wanted; not modified
     * @param classes number of classes
     */
    public Examples apply(RawExamples raw, int[] places, int classes) {
        if (raw.width() != width()) {
            throw new DataException("got examples of " + raw.width() + " features, expected " + width()
                    + " as the transformation was fitted for: give data of the same form");
        }
        long[] ids = new long[places.length];
        int[] labels = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            ids[i] = raw.id(places[i]);
            labels[i] = raw.label(places[i]);
        }
        int features = Math.multiplyExact(places.length, width());
        if (binarisation.applies()) {
            return Examples.ofBytes(
                    width(), classes, ids, labels, bits(raw, places, features), byteScale(), byteOffset());
        }
        if (raw.areBytes()) {
            byte[] bytes = new byte[features];
            for (int i = 0; i < places.length; i++) {
                System.arraycopy(raw.bytes(), places[i] * width(), bytes, i * width(), width());
            }
            return Examples.ofBytes(width(), classes, ids, labels, bytes, byteScale(), byteOffset());
        }
        return Examples.ofFloats(width(), classes, ids, labels, scaled(raw, places, features));
    }

    private byte[] bits(RawExamples raw, int[] places, int features) {
        byte[] bits = new byte[features];
        float[] unit = new float[width()];
        float[] factors = floats(scale);
        float[] summands = floats(offset);
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < unit.length; j++) {
                unit[j] = Math.fma(factors[j], raw.feature(places[i], j), summands[j]);
            }
            binarisation.apply(raw.id(places[i]), unit, bits, i * width());
        }
        return bits;
    }

    private float[] scaled(RawExamples raw, int[] places, int features) {
        float[] scaled = new float[features];
        float[] factors = floats(scale);
        float[] summands = floats(offset);
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < factors.length; j++) {
                scaled[i * width() + j] = Math.fma(factors[j], raw.feature(places[i], j), summands[j]);
            }
        }
        return scaled;
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int j = 0; j < floats.length; j++) {
            floats[j] = values.get(j);
        }
        return floats;
    }

    static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }
}
