/** Who watches: a file for TensorBoard, an MLflow server that is told of trainings, and of the trials of sweeps. No server fails a job, or makes it wait for more than some seconds at its end. */
package org.coinflip.spark.tracking;
