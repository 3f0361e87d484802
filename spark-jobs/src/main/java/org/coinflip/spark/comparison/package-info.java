/** Finished and running trainings side by side, on a page of their own. Reads what they wrote, and nothing else. */
package org.coinflip.spark.comparison;
