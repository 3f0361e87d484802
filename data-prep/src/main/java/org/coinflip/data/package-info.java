/**
 * From labelled examples to training, validation and test shards: the section {@code data { … }}, splits, and prepared data (Parquet shards and a manifest) on any Hadoop file system.
 *
 * <p>Begin at {@link org.coinflip.data.DataSpec}, which reads the section, and {@link org.coinflip.data.Dataset}, which opens, splits and scales what it says; {@link
 * org.coinflip.data.Selection} does so for a trained model, with the transformation that was fitted in its training. {@link org.coinflip.data.Preparation} writes prepared data. Formats are in {@code
 * source}, columns of tables in {@code table}, what was read in {@code raw}, fits of scalings in {@code transform}, Parquet in {@code parquet}, rights to output folders in {@code output}. No Spark here.
 */
package org.coinflip.data;
