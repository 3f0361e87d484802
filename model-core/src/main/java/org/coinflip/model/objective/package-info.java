/** Objectives: what is minimised, as a loss for each row of the output. */
package org.coinflip.model.objective;
