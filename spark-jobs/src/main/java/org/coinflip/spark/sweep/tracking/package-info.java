/** Reports a sweep's trials to an MLflow server as they end, through {@link org.coinflip.spark.tracking}. Begin at {@link org.coinflip.spark.sweep.tracking.Tracking}. */
package org.coinflip.spark.sweep.tracking;
