package org.coinflip.spark.ml

import org.apache.spark.ml.param.{IntParam, Param, ParamValidators, Params}
import org.apache.spark.ml.param.shared.{HasMaxIter, HasSeed, HasStepSize, HasValidationIndicatorCol, HasWeightCol}

/** What all stages that train have to be told. Names and types are Spark's where Spark has such a Param. */
trait TrainingParams extends Params with HasMaxIter with HasSeed with HasStepSize with HasValidationIndicatorCol
    with HasWeightCol {
  final val layers: Param[String] = new Param(this, "layers",
    "layers below the output as an experiment file writes them: [ { type = stochastic, units = 200, estimator = disarm } ]")
  final val settings: Param[String] = new Param(this, "settings",
    "more keys of an experiment file, in HOCON: training { schedule = cosine }, evaluation { mode = samples, draws = 16 }; Params that are set win")
  final val workers: IntParam = new IntParam(this, "workers",
    "logical workers that are averaged; part of the result, whatever the cluster", ParamValidators.gtEq(1))
  final val stepsPerRound: IntParam = new IntParam(this, "stepsPerRound",
    "steps of a worker between two averagings", ParamValidators.gtEq(1))
  final val batchSize: IntParam = new IntParam(this, "batchSize", "examples of a step of a worker", ParamValidators.gtEq(1))
  final val updater: Param[String] = new Param(this, "updater", "Sgd, Momentum, Nesterovs, Adam, AdamW, RmsProp or Muon")
  final val patience: IntParam = new IntParam(this, "patience",
    "validations without a better one before training ends, the best network being the result; 0 for none",
    ParamValidators.gtEq(0))
  final val idCol: Param[String] = new Param(this, "idCol",
    "column of whole numbers, one for each row, on which order and noise depend; not set: a hash of the row's features and label")
  final val checkpointDir: Param[String] = new Param(this, "checkpointDir",
    "folder in which fit keeps its state every checkpointInterval epochs, and from which the same fit goes on, to the same bits; gone when it ends")
  final val checkpointInterval: IntParam = new IntParam(this, "checkpointInterval",
    "epochs between two checkpoints in checkpointDir; -1 for none", (every: Int) => every == -1 || every >= 1)

  setDefault(
    layers -> "[ { type = stochastic, units = 200 } ]", settings -> "", workers -> 2, stepsPerRound -> 50, batchSize -> 32,
    updater -> "Adam", stepSize -> 0.001, maxIter -> 20, seed -> 1L, patience -> 0, checkpointInterval -> 10)
}
