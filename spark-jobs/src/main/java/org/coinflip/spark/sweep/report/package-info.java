/** The HTML page of a sweep, as a file and while it runs: begin at {@link org.coinflip.spark.sweep.report.SweepReport}. Each {@code …Drawing} is one picture. What it shows is computed in {@link org.coinflip.spark.sweep.result}. */
package org.coinflip.spark.sweep.report;
