/**
 * HTML reports of one job: a training, an evaluation, a study. Each is one document that opens without a network and runs nothing but its own scripts.
 *
 * <p>Begin at {@link org.coinflip.spark.report.TrainingReport}; {@link org.coinflip.spark.report.EvaluationReport} and {@link org.coinflip.spark.report.StudyReport} are the others. They read summaries, not networks; the template, the style and the drawing are
 * resources. Pages of sweeps are in {@link org.coinflip.spark.sweep.report}, of several trainings in {@link org.coinflip.spark.comparison}.
 */
package org.coinflip.spark.report;
