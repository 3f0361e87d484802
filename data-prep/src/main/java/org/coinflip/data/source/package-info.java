/** The sources that examples come from, each read whole and checked: embedded digits, MNIST's files, IDX, CSV; or made part by part: synthetic. No split, no scaling. */
package org.coinflip.data.source;
