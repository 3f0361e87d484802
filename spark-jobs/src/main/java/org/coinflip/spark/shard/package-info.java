/**
 * Which worker owns which examples, and where executors keep them: in memory, or in files of theirs.
 *
 * <p>Begin at {@link org.coinflip.spark.shard.Shards}; {@code Sharding} says who owns what, {@link org.coinflip.spark.shard.Storage} whether examples are kept in files,
 * {@link org.coinflip.spark.shard.DataIdentity} what a training's bits depend on in its data. Data files are data-prep's; no step is taken here.
 */
package org.coinflip.spark.shard;
