package org.coinflip.spark.ml

import org.apache.spark.ml.linalg.Vector
import org.apache.spark.ml.regression.{RegressionModel, Regressor}
import org.apache.spark.ml.util.{DefaultParamsWritable, MLWritable}

/** Holds the uid of a regressor, as [[ClassifierStage]] that of a classifier. */
abstract class RegressorStage[E <: Regressor[Vector, E, M], M <: RegressionModel[Vector, M]](override val uid: String)
    extends Regressor[Vector, E, M] with TrainingParams with HasFeatureColumns with DefaultParamsWritable

/** Holds the uid of a regressor's model. */
abstract class RegressionModelStage[M <: RegressionModel[Vector, M]](override val uid: String)
    extends RegressionModel[Vector, M] with HasFeatureColumns with MLWritable
