/** The study of early inference in energy-based networks. */
package org.coinflip.spark.study.energy;
