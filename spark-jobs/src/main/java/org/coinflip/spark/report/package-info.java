/**
 * The report of a training run: one HTML document that holds all it shows, opens without a network and runs nothing but its own two
 * scripts. {@link org.coinflip.spark.report.TrainingReport} is the way in; the template, the style and the drawing are resources.
 */
package org.coinflip.spark.report;
