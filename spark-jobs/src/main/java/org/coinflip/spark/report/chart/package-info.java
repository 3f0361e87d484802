/** Charts of pages: curves over an abscissa, thinned to what can be seen, and numbers as people read them. */
package org.coinflip.spark.report.chart;
