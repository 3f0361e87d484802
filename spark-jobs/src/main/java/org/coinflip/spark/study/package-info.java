/** Studies: experiments on the library itself, as Spark tasks. Begin at {@code Studies}; to add one, add its class and a line there. */
package org.coinflip.spark.study;
