package org.coinflip.spark.ml

import org.apache.spark.ml.{Estimator, Model}
import org.apache.spark.ml.param.Param
import org.apache.spark.ml.param.shared.HasOutputCol
import org.apache.spark.ml.util.{DefaultParamsWritable, MLWritable}

/** Holds the uid and the Params of an autoencoder. */
abstract class EncoderStage[M <: Model[M]](override val uid: String)
    extends Estimator[M] with TrainingParams with HasFeatureColumns with HasOutputCol with DefaultParamsWritable {
  final val objective: Param[String] = new Param(this, "objective",
    "what reconstructions are held to: bernoulli-reconstruction for features in [0, 1], gaussian-reconstruction")
  setDefault(objective -> "bernoulli-reconstruction", outputCol -> "code")
}

/** Holds the uid and the columns of a trained encoder. */
abstract class EncoderModelStage[M <: Model[M]](override val uid: String)
    extends Model[M] with HasFeatureColumns with HasOutputCol with MLWritable {
  setDefault(outputCol -> "code")
}
