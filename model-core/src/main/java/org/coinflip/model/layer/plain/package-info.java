/** Layers without stochastic units of their own: maxout, dropout, noise and scaling of the input, known functions and rewards as the top. */
package org.coinflip.model.layer.plain;
