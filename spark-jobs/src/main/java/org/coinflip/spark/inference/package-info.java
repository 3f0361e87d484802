/** Using networks that were trained before: how well one does on data, and what it says of examples. Training is elsewhere. */
package org.coinflip.spark.inference;
