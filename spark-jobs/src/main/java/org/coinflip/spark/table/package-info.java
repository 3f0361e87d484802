/** Tables that Spark reads, and the preparation of tables whose rows lie on many machines. What rows mean is data-prep's; here they are read, moved and kept. */
package org.coinflip.spark.table;
