/** Labelled examples as workers keep them: features as bytes, floats or lists of what is not 0, with labels or values, ids and weights. Begin at {@link org.coinflip.model.example.Examples}. Reading and splitting data is data-prep's. */
package org.coinflip.model.example;
