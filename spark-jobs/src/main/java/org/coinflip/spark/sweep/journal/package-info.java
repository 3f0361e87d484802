/** The write-ahead journal of a sweep's results: files of records that appear whole, are checked when they are read, and are never changed. A sweep that is resumed reads them first ({@link org.coinflip.spark.sweep.Sweep}). */
package org.coinflip.spark.sweep.journal;
