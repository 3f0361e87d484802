/**
 * Rounds on a cluster: executors average among themselves in one Spark job of many rounds, by an all-reduce along a fixed tree, so that the result is the same bits on any cluster.
 *
 * <p>Begin at {@link org.coinflip.spark.averaging.AveragingTrainer}, the driver's side. A {@code SpanJob} runs a span of rounds in {@code SpanTask}s; in one process {@code ProcessRanks} come
 * together through {@code GroupCoordinator} and {@code LocalBarrier}, between executors {@code TorusAllReduce} sends slices by {@code Wire}; {@code Snapshot…} brings the driver what validations
 * and checkpoints need. What a round is, and the mean of two states along the tree,
 * is {@link org.coinflip.spark.round}'s ({@code RoundResult}, {@code MergeTree}).
 */
package org.coinflip.spark.averaging;
