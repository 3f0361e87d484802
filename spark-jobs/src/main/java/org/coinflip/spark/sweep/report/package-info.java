/** The page of a sweep, as a file and while it runs. */
package org.coinflip.spark.sweep.report;
