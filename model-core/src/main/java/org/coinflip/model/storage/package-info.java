/** The folder of a trained network, {@code model.json} and {@code state.bin}, with their checksums: begin at {@link org.coinflip.model.storage.StoredModel}. Folders on Hadoop file systems are in spark-jobs. */
package org.coinflip.model.storage;
