package org.coinflip.data;

import java.io.Serializable;

/**
 * One Parquet file of prepared data, as the manifest has it.
 *
 * @param path its path below the manifest's folder: {@code train/part-00000.parquet}
 * @param examples examples in it
 * @param bytes its length
 * @param sha256 its SHA-256, 64 hexadecimal digits
 */
record ShardFile(String path, int examples, long bytes, String sha256) implements Serializable {}
