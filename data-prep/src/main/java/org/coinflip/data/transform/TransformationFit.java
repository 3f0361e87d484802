package org.coinflip.data.transform;

import org.coinflip.data.table.MissingValues;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;

/**
 * How a transformation is fitted on the training examples: what stands for holes, then scaling, then a projection.
 *
 * @param holes what stands for a hole
 * @param scaling the rule of scaling
 * @param binarisation what comes after scaling
 * @param projection the rule of the projection
 */
public record TransformationFit(
        MissingValues holes, Scaling scaling, Binarisation binarisation, ProjectionSpec projection) {
    /** Fits all three, and gives features and classes their names. */
    public Transformation fit(TrainingExamples training, Naming naming) {
        Transformation scaled = ScalingFit.fit(HoleFit.fit(holes, training, naming), scaling, binarisation, training);
        return scaled.with(ProjectionFit.fit(projection, scaled, training)).with(naming);
    }
}
