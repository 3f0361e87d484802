/**
 * Spark DataFrames as tables of examples, and the preparation of tables whose rows lie on many machines: begin at {@link org.coinflip.spark.table.SparkTableReader} and {@link org.coinflip.spark.table.SparkPreparation}.
 * What columns mean is {@link org.coinflip.data.table}'s; here rows are read, moved and kept.
 */
package org.coinflip.spark.table;
