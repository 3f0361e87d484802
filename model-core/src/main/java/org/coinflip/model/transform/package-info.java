/**
 * What features go through between a source and a network: scaling, binarisation, projection, names. A trained model has it with it. How
 * it is fitted on a training split is data-prep's.
 */
package org.coinflip.model.transform;
