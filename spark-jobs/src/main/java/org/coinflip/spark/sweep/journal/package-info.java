/** What a sweep has seen, on disk: files of records that appear whole, are checked when they are read, and are never changed. */
package org.coinflip.spark.sweep.journal;
