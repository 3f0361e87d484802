/** What jobs write: run folders, metrics, summaries, models. On any Hadoop file system; files appear whole or not at all. */
package org.coinflip.spark.output;
