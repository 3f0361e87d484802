/**
 * Data-parallel training by parameter averaging (local SGD): each worker takes a round's steps on its shard from the same state, and the states are
 * averaged by an all-reduce along a fixed tree, so that the result is the same bits on any cluster.
 *
 * <p>Begin at {@link org.coinflip.spark.train.Training}, a whole training with its output folder ({@link org.coinflip.spark.train.TrialTraining} of a sweep's trial, {@code FrameTraining} of
 * a Spark ML stage and {@code PolicyTraining} of rewards are the others). Rounds and averaging are {@link org.coinflip.spark.train.AveragingTrainer}'s and
 * {@code MergeTree}'s; between executors {@code TorusAllReduce}, in one process {@code ProcessRanks}, whose ranks come together through {@code GroupCoordinator}. {@code Round…} are rounds and what they cost, {@code RoundSpan} and {@code Span…} the Spark
 * job that runs many of them, {@code ExampleState…} persistent per-example state. {@code EarlyStopping} decides when a training ends, on the driver, from the validation scores that
 * it is given. Steps of one worker are {@link org.coinflip.model.training}'s, files of states {@link org.coinflip.spark.checkpoint}'s.
 */
package org.coinflip.spark.train;
