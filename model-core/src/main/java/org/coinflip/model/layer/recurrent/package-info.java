/**
 * Recurrent units over the steps of a sequence: plain, hierarchical by time constants, stochastic, GRU and LSTM cells, and the stochastic gate in time. Begin at
 * {@link org.coinflip.model.layer.recurrent.RecurrentLayer}.
 */
package org.coinflip.model.layer.recurrent;
