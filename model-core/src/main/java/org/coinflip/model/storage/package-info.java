/** The folder of a trained network: what is in its files, whatever holds them. */
package org.coinflip.model.storage;
