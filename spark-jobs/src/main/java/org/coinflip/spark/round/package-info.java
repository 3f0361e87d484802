/**
 * What a round of parameter averaging (local SGD) is, wherever it runs: its steps ({@link org.coinflip.spark.round.RoundPlan}), who takes them ({@link org.coinflip.spark.round.Worker}), the tree
 * along which results are averaged ({@link org.coinflip.spark.round.MergeTree}), the outer optimiser's step ({@link org.coinflip.spark.round.OuterStep}), and persistent per-example state.
 *
 * <p>Begin at {@link org.coinflip.spark.round.Rounds}. {@link org.coinflip.spark.round.LocalTrainer} runs rounds in the calling thread; the cluster is {@link org.coinflip.spark.averaging}'s. Files
 * and reports are not known here.
 */
package org.coinflip.spark.round;
