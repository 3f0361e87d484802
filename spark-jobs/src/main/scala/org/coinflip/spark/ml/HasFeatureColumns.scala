package org.coinflip.spark.ml

import org.apache.spark.ml.param.{Params, StringArrayParam}
import org.apache.spark.ml.param.shared.HasFeaturesCol

/** Where features are: a column of vectors or arrays, or several columns of numbers. */
trait HasFeatureColumns extends Params with HasFeaturesCol {
  final val featuresCols: StringArrayParam = new StringArrayParam(this, "featuresCols",
    "columns of numbers that together are the features, in this order; set, featuresCol does not count")
}
