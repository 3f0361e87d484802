package org.coinflip.model.transform;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseFeatures;
import org.coinflip.model.example.SparseRows;
import org.coinflip.model.kernel.operation.ScalarMath;

/**
 * What a source's features go through, fitted once on the training split and then the same for every example:
 * a hole takes the number of {@code fill}, {@code x'_j = scale_j · x_j + offset_j} (one rounding), then {@link Binarisation} or {@link Projection}; labels go to the classes that they name. Bytes that go through
 * neither stay bytes, and lists of what is not 0 stay lists: their scale and offset go with them. Immutable.
 *
 * @param scaling the rule that scale and offset follow
 * @param binarisation what comes after scaling
 * @param scale a finite factor for each feature
 * @param offset a finite summand for each feature
 * @param projection what comes after scaling where features are not binarised
 * @param naming what the source calls its features and its classes
 * @param fill what a feature is where the source has no value (not a number); empty where there has to be one
 */
public record Transformation(
        Scaling scaling,
        Binarisation binarisation,
        List<Float> scale,
        List<Float> offset,
        Projection projection,
        Naming naming,
        List<Float> fill)
        implements Serializable {
    public Transformation {
        scale = List.copyOf(scale);
        offset = List.copyOf(offset);
        fill = List.copyOf(fill);
        requireFinite("fill", fill);
        if (!fill.isEmpty() && fill.size() != scale.size()) {
            throw new IllegalArgumentException(
                    "got " + fill.size() + " numbers for holes, expected " + scale.size() + " as there are scales");
        }
        if (scale.size() != offset.size()) {
            throw new IllegalArgumentException(
                    "got " + scale.size() + " scales and " + offset.size() + " offsets, expected as many");
        }
        requireFinite("scale", scale);
        requireFinite("offset", offset);
        if (!projection.isFinite()) {
            throw new IllegalArgumentException("got a projection with numbers that are not finite");
        }
        if (!naming.columns().isEmpty() && naming.columns().size() != scale.size()) {
            throw new IllegalArgumentException(
                    "got " + naming.columns().size() + " columns, expected " + scale.size() + " as there are scales");
        }
    }

    private static void requireFinite(String what, List<Float> numbers) {
        for (Float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("got the " + what + " " + number + ", expected finite numbers");
            }
        }
    }

    /** Of data without holes. */
    public Transformation(
            Scaling scaling,
            Binarisation binarisation,
            List<Float> scale,
            List<Float> offset,
            Projection projection,
            Naming naming) {
        this(scaling, binarisation, scale, offset, projection, naming, List.of());
    }

    /** Without a projection and without names. */
    public Transformation(Scaling scaling, Binarisation binarisation, List<Float> scale, List<Float> offset) {
        this(scaling, binarisation, scale, offset, Projection.NONE, Naming.NONE);
    }

    /**
     * Reads what a model's description says; what it lacks if it was written before there were projections, names or holes is none.
     *
     * @throws com.typesafe.config.ConfigException where something is missing or of another kind
     * @throws IllegalArgumentException where values contradict each other
     */
    public static Transformation read(Config written) {
        Config binarisation = written.getConfig("binarisation");
        return new Transformation(
                Scaling.valueOf(written.getString("scaling")),
                new Binarisation(
                        Binarisation.Type.valueOf(binarisation.getString("type")),
                        binarisation.getDouble("at"),
                        binarisation.getLong("seed")),
                floats(written, "scale"),
                floats(written, "offset"),
                written.hasPath("projection") ? projection(written.getConfig("projection")) : Projection.NONE,
                written.hasPath("naming") ? naming(written.getConfig("naming")) : Naming.NONE,
                written.hasPath("fill") ? floats(written, "fill") : List.of());
    }

    private static Projection projection(Config written) {
        Config spec = written.getConfig("spec");
        return new Projection(
                new ProjectionSpec(
                        ProjectionSpec.Type.valueOf(spec.getString("type")),
                        spec.getInt("components"),
                        spec.getBoolean("rotate"),
                        spec.getLong("seed")),
                written.getInt("components"),
                floats(written, "mean"),
                floats(written, "weights"));
    }

    private static Naming naming(Config written) {
        return new Naming(
                written.getStringList("columns"),
                written.getIntList("labels"),
                written.hasPath("names") ? written.getStringList("names") : List.of(),
                written.hasPath("codes")
                        ? written.getConfigList("codes").stream()
                                .map(Transformation::code)
                                .toList()
                        : List.of());
    }

    private static ColumnCode code(Config written) {
        return new ColumnCode(
                written.getString("column"),
                written.getStringList("levels"),
                written.getInt("buckets"),
                written.getInt("numbers"),
                written.getBoolean("marksHoles"));
    }

    private static List<Float> floats(Config written, String key) {
        // as text: a number that went through a Config may have lost the sign of its zero
        return written.getStringList(key).stream()
                .map(text -> Double.valueOf(text).floatValue())
                .toList();
    }

    /** None: features are seen as they are given. */
    public static Transformation none(int inputs) {
        return new Transformation(
                Scaling.NONE, Binarisation.NONE, Collections.nCopies(inputs, 1f), Collections.nCopies(inputs, 0f));
    }

    /** Features of the examples that this transformation is for. */
    public int inputs() {
        return scale.size();
    }

    /** Features that a network sees. */
    public int width() {
        return projection.applies() ? projection.components() : inputs();
    }

    /** The factor of each feature that is kept as a byte or in a list: {@link #scale}, or ones where it is a bit already. */
    public float[] keptScale() {
        return floats(binarisation.applies() ? Collections.nCopies(inputs(), 1f) : scale);
    }

    /** The summand of each feature that is kept as a byte or in a list: {@link #offset}, or zeros where it is a bit already. */
    public float[] keptOffset() {
        return floats(binarisation.applies() ? Collections.nCopies(inputs(), 0f) : offset);
    }

    /**
     * Some examples as a network sees them.
     *
     * @param raw the examples, not modified
     * @param places which of them, in the order wanted; not modified
     * @param classes number of classes
     */
    public Examples apply(RawFeatures raw, int[] places, int classes) {
        Examples seen = seen(raw, places, classes);
        if (raw.targets() > 0) {
            seen = seen.withValues(raw.targets(), raw.values(places));
        }
        return raw.areWeighted() ? seen.withWeights(raw.weights(places)) : seen;
    }

    private Examples seen(RawFeatures raw, int[] places, int classes) {
        if (raw.width() != inputs()) {
            throw new DataException("got examples of " + raw.width() + " features, expected " + inputs()
                    + " as the transformation was fitted for: give data of the same form");
        }
        long[] ids = new long[places.length];
        int[] labels = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            ids[i] = raw.id(places[i]);
            int label = raw.label(places[i]);
            labels[i] = label == Examples.UNLABELLED ? label : naming.classOf(label, ids[i]);
        }
        return Examples.of(seen(raw, places), classes, ids, labels);
    }

    private Features seen(RawFeatures raw, int[] places) {
        if (binarisation.applies()) {
            return bits(raw, places);
        }
        if (projection.applies()) {
            return projected(raw, places);
        }
        return raw.features().select(places).scaled(floats(scale), floats(offset), floats(fill));
    }

    /** Bits of lists are those that are 1, where listing them takes less than a byte each. */
    private Features bits(RawFeatures raw, int[] places) {
        boolean isSparse = raw.features().form() == Features.Form.SPARSE && areFewNoughtsOnes();
        SparseRows ones = new SparseRows(width());
        byte[] bits = new byte[isSparse ? width() : length(places)];
        float[] unit = new float[width()];
        Scaler scaler = scaler();
        for (int i = 0; i < places.length; i++) {
            scaler.scale(raw, places[i], unit);
            binarisation.apply(raw.id(places[i]), unit, bits, isSparse ? 0 : i * width());
            if (isSparse) {
                for (int j = 0; j < bits.length; j++) {
                    ones.add(j, bits[j]);
                }
                ones.end();
            }
        }
        return isSparse
                ? ones.done(keptScale(), keptOffset())
                : new ByteFeatures(places.length, width(), bits, keptScale(), keptOffset());
    }

    /** Whether what a list leaves out becomes 1 so seldom that an entry of {@value SparseFeatures#ENTRY_BYTES} bytes for each is less than a byte for every feature. */
    private boolean areFewNoughtsOnes() {
        long ones = offset.stream().filter(binarisation::mayBeOne).count();
        return SparseFeatures.ENTRY_BYTES * ones <= offset.size();
    }

    /** Numbers of some examples, none of which are left out. */
    private int length(int[] places) {
        long length = (long) places.length * width();
        if (length > Integer.MAX_VALUE - 8) {
            throw new DataException("got " + places.length + " examples of " + width()
                    + " numbers at once, expected fewer than 2³¹ together: prepare the data in more shards");
        }
        return (int) length;
    }

    private Features projected(RawFeatures raw, int[] places) {
        float[] projected = new float[length(places)];
        float[] x = new float[inputs()];
        float[] mean = floats(projection.mean());
        float[] weights = floats(projection.weights());
        Scaler scaler = scaler();
        for (int i = 0; i < places.length; i++) {
            scaler.scale(raw, places[i], x);
            projection.apply(x, mean, weights, projected, i * width());
        }
        return new FloatFeatures(places.length, width(), projected);
    }

    /** Scales examples one at a time, without a projection; belongs to one thread. */
    public Scaler scaler() {
        return new Scaler(floats(scale), floats(offset), floats(fill));
    }

    /** Scaling alone, in arrays made once. */
    public static final class Scaler {
        private final float[] factors;
        private final float[] summands;
        private final float[] holes;

        private Scaler(float[] factors, float[] summands, float[] holes) {
            this.factors = factors;
            this.summands = summands;
            this.holes = holes;
        }

        /** Writes the scaled features of one example. */
        public void scale(RawFeatures raw, int place, float[] out) {
            raw.features().read(place, out, 0);
            for (int j = 0; j < factors.length; j++) {
                out[j] = ScalarMath.fma(factors[j], filled(out[j], j, holes), summands[j]);
            }
        }
    }

    /** The feature, or what stands for it where it is a hole; without such numbers a hole stays one. */
    static float filled(float x, int j, float[] holes) {
        return Float.isNaN(x) && holes.length > 0 ? holes[j] : x;
    }

    /** The same features with a number for every hole, where there are numbers for holes; a copy. */
    public float[][] filled(float[][] features) {
        float[] holes = floats(fill);
        float[][] filled = new float[features.length][];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = features[i].clone();
            for (int j = 0; j < Math.min(filled[i].length, holes.length); j++) {
                filled[i][j] = filled(filled[i][j], j, holes);
            }
        }
        return filled;
    }

    /** The same with numbers for holes. */
    public Transformation withFill(List<Float> numbers) {
        return new Transformation(scaling, binarisation, scale, offset, projection, naming, numbers);
    }

    /** The same scaling and binarisation, then a projection. */
    public Transformation with(Projection then) {
        return new Transformation(scaling, binarisation, scale, offset, then, naming, fill);
    }

    /** The same of a source that has names. */
    public Transformation with(Naming names) {
        return new Transformation(scaling, binarisation, scale, offset, projection, names, fill);
    }

    static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int j = 0; j < floats.length; j++) {
            floats[j] = values.get(j);
        }
        return floats;
    }

    /** Numbers as they are listed here. */
    public static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }
}
