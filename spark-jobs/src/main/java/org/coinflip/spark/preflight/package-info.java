/** Checks of the cluster before a job spends time: slots, memory, threads, settings of Spark. Nothing here changes what a job computes. How long a round should be is {@code RoundLength}'s in {@link org.coinflip.spark.train}. */
package org.coinflip.spark.preflight;
