package org.coinflip.spark.ml

import org.apache.spark.ml.classification.{ProbabilisticClassificationModel, ProbabilisticClassifier}
import org.apache.spark.ml.linalg.Vector
import org.apache.spark.ml.util.{DefaultParamsWritable, MLWritable}

/**
 * Holds the uid of a classifier. Spark's constructors ask for it before a Java subclass has fields, which Scala's parameters are
 * there in time for; all else is Java.
 */
abstract class ClassifierStage[E <: ProbabilisticClassifier[Vector, E, M], M <: ProbabilisticClassificationModel[Vector, M]](
    override val uid: String)
    extends ProbabilisticClassifier[Vector, E, M] with TrainingParams with HasFeatureColumns with DefaultParamsWritable

/** Holds the uid of a classifier's model. */
abstract class ClassificationModelStage[M <: ProbabilisticClassificationModel[Vector, M]](override val uid: String)
    extends ProbabilisticClassificationModel[Vector, M] with HasFeatureColumns with MLWritable
