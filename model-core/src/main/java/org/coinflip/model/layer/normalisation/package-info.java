/** Layers that normalise: every row by its own mean and variance (layer normalisation), or every column by the batch's (batch normalisation). */
package org.coinflip.model.layer.normalisation;
