/** The layers of an energy-based network as one layer, which relaxes; the relaxation is {@link org.coinflip.model.energy}'s. */
package org.coinflip.model.layer.energy;
