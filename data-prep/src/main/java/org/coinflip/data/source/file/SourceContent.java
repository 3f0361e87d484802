package org.coinflip.data.source.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;

/** One source file's bytes, decompressed where it is a gzip stream, with the checksum of the file as it was stored. */
public final class SourceContent {
    private final String path;
    private final byte[] bytes;
    private final SourceFile file;

    private SourceContent(String path, String name, byte[] stored, String expected) {
        this.path = path;
        this.bytes = isGzip(stored) ? decompressed(path, stored) : stored;
        this.file = new SourceFile(name, stored.length, Sha256.hex(stored));
        if (bytes.length == 0) {
            throw new DataException(
                    path + ": is empty (0 bytes once decompressed), expected " + expected + ": fetch the file again");
        }
    }

    /** The file at a Hadoop path, gzipped or not; what it is expected to be is for messages. */
    public static SourceContent read(String path, String expected, Configuration conf) {
        Path file = StoredBytes.path(path);
        return new SourceContent(path, file.getName(), StoredBytes.read(file, expected, conf), expected);
    }

    /** A file that this module brings along. */
    public static SourceContent resource(String name, String expected) {
        return new SourceContent(
                "embedded " + name, name.substring(name.lastIndexOf('/') + 1), StoredBytes.resource(name), expected);
    }

    /** The path as the user wrote it, for messages. */
    public String path() {
        return path;
    }

    /** The decompressed bytes; not a copy, not to be modified. */
    public byte[] bytes() {
        return bytes;
    }

    /** The file as it was stored. */
    public SourceFile file() {
        return file;
    }

    private static boolean isGzip(byte[] stored) {
        return stored.length >= 2 && (stored[0] & 0xFF) == 0x1F && (stored[1] & 0xFF) == 0x8B;
    }

    private static byte[] decompressed(String path, byte[] stored) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(4 * Math.min(stored.length, 1 << 27));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(stored), 1 << 16)) {
            in.transferTo(whole);
            return whole.toByteArray();
        } catch (OutOfMemoryError e) {
            throw new DataException(
                    path + ": the gzip stream of " + stored.length
                            + " bytes holds more than memory does, with a heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB: give more by DRIVER_MEMORY, or divide the file",
                    e);
        } catch (IOException e) {
            throw new DataException(
                    path + ": the gzip stream of " + stored.length
                            + " bytes is truncated or damaged: got " + whole.size()
                            + " decompressed bytes before it broke, expected a whole stream: fetch the file again",
                    e);
        }
    }
}
