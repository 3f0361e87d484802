/**
 * What a sweep varies: axes over keys of the experiment, conditional axes inside the options of others, constraints between them. A
 * configuration is a point of the unit cube, each coordinate of which an axis turns into a value; how points are chosen is not said here.
 */
package org.coinflip.spark.sweep.space;
