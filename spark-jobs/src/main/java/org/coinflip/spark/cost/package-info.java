/**
 * What rounds cost on a cluster, measured: {@link org.coinflip.spark.cost.RoundCosts} and, between executors, {@link org.coinflip.spark.cost.TransportCosts};
 * {@link org.coinflip.spark.cost.RoundLength} chooses the steps of a round by them. Where the time of a training went, its record says.
 */
package org.coinflip.spark.cost;
