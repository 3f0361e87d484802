/**
 * From a source of labelled examples to training, validation and test shards: what a {@code data { … }} section says, the split by
 * example id, raw sources read into memory, and prepared data (Parquet shards and a manifest) on any Hadoop file system. Reading
 * single formats lives in {@code source}, scaling and binarising in {@code transform}, Parquet in {@code parquet}. No Spark here.
 */
package org.coinflip.data;
