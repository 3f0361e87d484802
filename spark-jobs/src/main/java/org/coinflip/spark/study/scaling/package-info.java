/** What averaging costs on the cluster at hand, and what follows for larger ones. */
package org.coinflip.spark.study.scaling;
