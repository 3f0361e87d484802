/** Who watches: an MLflow server that is told of trainings, and of the trials of sweeps. Nothing here fails a job, or makes it wait for more than some seconds at its end. */
package org.coinflip.spark.tracking;
