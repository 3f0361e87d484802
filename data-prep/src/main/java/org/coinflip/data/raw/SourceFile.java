package org.coinflip.data.raw;

import java.io.Serializable;

/**
 * One file that examples were read from, as it was stored (before any decompression). The folder is left out: the same bytes are
 * the same source wherever they lie.
 *
 * @param name the file's name without its folder
 * @param bytes its length
 * @param sha256 its SHA-256, 64 hexadecimal digits
 */
public record SourceFile(String name, long bytes, String sha256) implements Serializable {}
