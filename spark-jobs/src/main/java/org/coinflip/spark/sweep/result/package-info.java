/** What a sweep found: its table, rankings with intervals, comparisons in pairs, the part that each axis has in the outcome. */
package org.coinflip.spark.sweep.result;
