/** How the transformation between a source and a network is fitted on the training split. */
package org.coinflip.data.transform;
