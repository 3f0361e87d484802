/**
 * Output folders: which of their files a job may replace or remove ({@link org.coinflip.data.output.OwnFiles}), that one job at a time writes ({@link org.coinflip.data.output.Lease}), that inputs are
 * elsewhere ({@link org.coinflip.data.output.Apart}), and files that appear whole ({@link org.coinflip.data.output.WholeFile}). What is in the files is their writers'; {@code org.coinflip.spark.output} has those of the jobs.
 */
package org.coinflip.data.output;
