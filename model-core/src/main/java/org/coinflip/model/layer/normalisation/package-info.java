/** Layers that normalise: every row by its own mean and variance (layer normalisation), or every column by the batch's (batch normalisation) or by the mean of those before
 * alone (centring). */
package org.coinflip.model.layer.normalisation;
