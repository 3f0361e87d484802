/**
 * The write-ahead journal of a sweep's results, {@code OUTPUT/journal}: files of records that appear whole, are checked when they are read, and are never changed. A sweep that is resumed reads them first
 * ({@link org.coinflip.spark.sweep.Sweep}); states of trials that have not ended are beside it, in {@code OUTPUT/checkpoints}.
 */
package org.coinflip.spark.sweep.journal;
