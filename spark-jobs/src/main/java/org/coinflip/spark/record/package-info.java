/**
 * What a training leaves behind and shows while it runs: its output folder ({@link org.coinflip.spark.record.Output}), the metrics of its rounds, the lines of progress, the gauges, the summary
 * and the report's page. Whoever reads a finished training begins at {@link org.coinflip.spark.record.FinishedTraining}. Charts are {@link org.coinflip.spark.report}'s, files of states
 * {@link org.coinflip.spark.checkpoint}'s.
 */
package org.coinflip.spark.record;
