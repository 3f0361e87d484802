/**
 * Trained networks in use: {@link org.coinflip.spark.inference.Evaluation} scores one on labelled examples, {@link org.coinflip.spark.inference.Prediction} writes a table of its predictions. Training is in {@link
 * org.coinflip.spark.train}; without Spark it is {@link org.coinflip.Model} that predicts.
 */
package org.coinflip.spark.inference;
