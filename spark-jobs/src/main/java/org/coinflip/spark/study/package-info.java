/** Studies: measurements of the library itself, as Spark tasks. To add one, add its class and a line in {@code Studies}. */
package org.coinflip.spark.study;
