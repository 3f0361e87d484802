/** Tells others of a sweep's trials as they end. */
package org.coinflip.spark.sweep.tracking;
