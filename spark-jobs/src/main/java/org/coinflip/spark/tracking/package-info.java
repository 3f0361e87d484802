/**
 * Experiment trackers: an event file for TensorBoard, an MLflow server. Begin at {@link org.coinflip.spark.tracking.TrackingSpec}. No server fails a job, or makes it wait for more than some seconds at its end. What is told of trials
 * of sweeps is in {@link org.coinflip.spark.sweep.tracking}.
 */
package org.coinflip.spark.tracking;
