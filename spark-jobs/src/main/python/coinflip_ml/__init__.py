"""Networks of stochastic neurons as stages of pyspark.ml: thin wrappers of the JVM's org.coinflip.spark.ml."""

from coinflip_ml.stages import (
    StochasticEncoder,
    StochasticEncoderModel,
    StochasticNetworkClassificationModel,
    StochasticNetworkClassifier,
    StochasticNetworkRegressionModel,
    StochasticNetworkRegressor,
)

__all__ = [
    "StochasticEncoder",
    "StochasticEncoderModel",
    "StochasticNetworkClassificationModel",
    "StochasticNetworkClassifier",
    "StochasticNetworkRegressionModel",
    "StochasticNetworkRegressor",
]
