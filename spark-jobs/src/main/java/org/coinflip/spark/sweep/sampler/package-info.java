/** Which configuration comes next: a pure function of the sweep's seed, the configuration's number and the results seen before it. */
package org.coinflip.spark.sweep.sampler;
