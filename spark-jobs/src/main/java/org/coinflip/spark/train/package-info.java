/**
 * Data-parallel training by parameter averaging: logical workers with fixed shards take a round's steps from the same state; their states
 * are combined along a fixed tree, so that the result is the same bits on any cluster.
 */
package org.coinflip.spark.train;
