/** What happens to features between a source and a network: scaling fitted on the training split, and binarisation. */
package org.coinflip.data.transform;
