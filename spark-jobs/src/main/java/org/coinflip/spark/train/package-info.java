/**
 * Whole trainings: data, rounds, validations, checkpoints and records put together.
 *
 * <p>Begin at {@link org.coinflip.spark.train.Training}, a training with its output folder; {@link org.coinflip.spark.train.TrialTraining} is that of a sweep's trial, {@code FrameTraining} of a
 * Spark ML stage, {@code PolicyTraining} of rewards, {@code Dl4jTrainer} the DL4J backend. Rounds are {@link org.coinflip.spark.round}'s, on a cluster {@link org.coinflip.spark.averaging}'s;
 * examples on executors {@link org.coinflip.spark.shard}'s, validation and early stopping {@link org.coinflip.spark.evaluation}'s, what is written {@link org.coinflip.spark.record}'s.
 */
package org.coinflip.spark.train;
