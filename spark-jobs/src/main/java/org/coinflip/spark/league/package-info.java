/**
 * Benchmark of gradient estimators: every one that serves a kind of units, on every data set, with the same search of its learning rate, compared by paired tests with one family-wise error rate. Begin at {@link org.coinflip.spark.league.LeagueRun}. Its trials are
 * sweeps' ({@link org.coinflip.spark.sweep}); bias and variance of an estimator are measured in {@link org.coinflip.spark.study.estimators}.
 */
package org.coinflip.spark.league;
