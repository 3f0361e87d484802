/** The cost of an all-reduce and of a round on the cluster at hand, and the cost and efficiency that it predicts for larger ones. */
package org.coinflip.spark.study.scaling;
