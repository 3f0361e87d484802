/**
 * What jobs write: run folders, summaries, models, progress. On any Hadoop file system; files appear whole or not at all. Begin at {@link org.coinflip.spark.output.RunDirectory}; which files may be replaced is
 * {@link org.coinflip.data.output}'s to say.
 */
package org.coinflip.spark.output;
