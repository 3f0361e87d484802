"""The stages by the JVM's name for their package: pyspark looks for the Python class of a pipeline's stage there."""

from coinflip_ml.stages import *  # noqa: F401,F403
