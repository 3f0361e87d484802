/**
 * Statistics of a sweep: its table, rankings with intervals, paired significance tests, the variance that each axis explains. Begin at {@link org.coinflip.spark.sweep.result.Ranking}. Pages of it are in {@link
 * org.coinflip.spark.sweep.report}.
 */
package org.coinflip.spark.sweep.result;
