package org.coinflip.model.transform;

import org.coinflip.model.error.DataException;
import org.coinflip.model.kernel.operation.ScalarMath;

/** A {@link Transformation} of one example at a time, in memory made once: the bits of {@link Transformation#apply}. Belongs to one thread. */
public final class RowTransformation {
    private final Transformation transformation;
    private final float[] scale;
    private final float[] offset;
    private final float[] mean;
    private final float[] weights;
    private final float[] fill;
    private final float[] scaled;
    private final byte[] bits;

    /** One that does what the given one does. */
    public RowTransformation(Transformation transformation) {
        this.transformation = transformation;
        scale = Transformation.floats(transformation.scale());
        offset = Transformation.floats(transformation.offset());
        fill = Transformation.floats(transformation.fill());
        mean = Transformation.floats(transformation.projection().mean());
        weights = Transformation.floats(transformation.projection().weights());
        scaled = new float[scale.length];
        bits = new byte[scale.length];
    }

    /**
     * Transforms one example.
     *
     * @param id the example's id
     * @param features as the training's source had them, not modified
     * @param out written: as many numbers as a network sees
     * @throws DataException where there are more or fewer features than in training, or one is not finite
     */
    public void apply(long id, float[] features, float[] out) {
        if (features.length != scale.length) {
            throw new DataException("got an example of " + features.length + " features, expected " + scale.length
                    + ": give features as in the training's data");
        }
        boolean isProjected = transformation.projection().applies();
        boolean isBinarised = transformation.binarisation().applies();
        float[] to = isProjected || isBinarised ? scaled : out;
        for (int j = 0; j < scale.length; j++) {
            float x = Transformation.filled(features[j], j, fill);
            if (!Float.isFinite(x)) {
                throw new DataException("example " + id + " has " + features[j] + " for feature " + j
                        + ", expected a finite number: leave the example out or fill in what is missing");
            }
            to[j] = ScalarMath.fma(scale[j], x, offset[j]);
        }
        if (isBinarised) {
            transformation.binarisation().apply(id, scaled, bits, 0);
            for (int j = 0; j < bits.length; j++) {
                out[j] = bits[j];
            }
        } else if (isProjected) {
            transformation.projection().apply(scaled, mean, weights, out, 0);
        }
    }
}
