/**
 * How good a network is, measured on the cluster: {@link org.coinflip.spark.evaluation.Assessor} in Spark jobs of its own, {@link org.coinflip.spark.evaluation.Validation} within a job of rounds;
 * both give the same bits however examples lie. {@link org.coinflip.spark.evaluation.EarlyStopping} decides on the driver, from validation scores, when a training ends. The measures
 * themselves are {@link org.coinflip.model.training}'s.
 */
package org.coinflip.spark.evaluation;
