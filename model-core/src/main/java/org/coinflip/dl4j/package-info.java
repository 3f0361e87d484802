/**
 * Stochastic units for DL4J's {@code MultiLayerNetwork} and {@code ComputationGraph}: layer configurations that delegate to the unit
 * laws, estimators and kernels of {@code org.coinflip.model}. DL4J keeps the parameters, multiplies the matrices and takes the steps;
 * sampling and what comes back to the logits is the same code as in Coinflip's own networks. No Spark here.
 */
package org.coinflip.dl4j;
