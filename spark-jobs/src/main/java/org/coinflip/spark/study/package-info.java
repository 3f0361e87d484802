/** Studies: experiments on the library itself, as Spark tasks. Begin at {@link org.coinflip.spark.study.Studies}; to add one, add its class and a line there. */
package org.coinflip.spark.study;
