/**
 * Checkpoints: files of states, the folder that keeps them, and the signal that asks a job to stop. Begin at {@link org.coinflip.spark.checkpoint.CheckpointFolder}. What is in a state is the
 * trainer's ({@link org.coinflip.spark.train}); when one is due, by rounds, time or validations, {@link org.coinflip.spark.record.TrainingRecord} says.
 */
package org.coinflip.spark.checkpoint;
