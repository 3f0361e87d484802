package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;

/** Reads what {@link StateFile} writes, and believes none of it before it is checked. */
public final class StateFileReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StateFileReader() {}

    /** Reads a file of a file system, otherwise as {@link #read(InputStream, long, String)}. */
    public static StateFile.Content read(FileSystem fileSystem, Path file, String name) throws IOException {
        long bytes = fileSystem.getFileStatus(file).getLen();
        try (InputStream in = new BufferedInputStream(fileSystem.open(file), StateFile.CHUNK)) {
            return read(in, bytes, name);
        }
    }

    /**
     * Reads a file and checks it.
     *
     * @param bytes the file's length
     * @param name of the file, for messages
     * @throws DataException where it is damaged, no such file, or of a newer format; the line names no remedy yet
     */
    public static StateFile.Content read(InputStream stream, long bytes, String name) throws IOException {
        MessageDigest digest = Sha256.digest();
        try {
            DataInputStream in = new DataInputStream(new DigestInputStream(stream, digest));
            if (!Arrays.equals(in.readNBytes(StateFile.MAGIC.length), StateFile.MAGIC)) {
                throw new DataException(name + " does not begin as a file of states does");
            }
            JsonNode header = readHeader(in, bytes, name);
            Map<String, float[]> vectors = new LinkedHashMap<>();
            for (JsonNode vector : header.path("vectors")) {
                vectors.put(
                        vector.path("name").asText(),
                        readVector(in, vector.path("length").asInt()));
            }
            Map<String, byte[]> blobs = new LinkedHashMap<>();
            for (JsonNode blob : header.path("blobs")) {
                blobs.put(
                        blob.path("name").asText(),
                        readExactly(in, blob.path("length").asInt()));
            }
            String expected = Sha256.hex(digest);
            String got = HexFormat.of().formatHex(stream.readNBytes(StateFile.SUM));
            if (!got.equals(expected)) {
                throw damaged(name, "it ends with SHA-256 " + got + ", its content has " + expected);
            }
            return new StateFile.Content(header.path("about"), vectors, blobs, got);
        } catch (EOFException e) {
            throw damaged(name, "it ends before its time");
        }
    }

    private static JsonNode readHeader(DataInputStream in, long bytes, String name) throws IOException {
        int length = Integer.reverseBytes(in.readInt());
        if (length < 2 || length > bytes) {
            throw damaged(name, "a header of " + length + " bytes in a file of " + bytes);
        }
        JsonNode header;
        try {
            header = JSON.readTree(readExactly(in, length));
        } catch (JsonProcessingException e) {
            throw damaged(name, "its header is no JSON");
        }
        int format = header.path("format").asInt();
        if (format > StateFile.FORMAT) {
            throw new DataException(name + " has format " + format + ", expected at most " + StateFile.FORMAT
                    + ": go on with the version that wrote it");
        }
        long expected = StateFile.MAGIC.length
                + Integer.BYTES
                + length
                + Float.BYTES * lengths(header.path("vectors"))
                + lengths(header.path("blobs"))
                + StateFile.SUM;
        // before anything is allocated for what a damaged header says
        if (bytes != expected) {
            throw damaged(name, "it has " + bytes + " bytes, expected " + expected);
        }
        return header;
    }

    private static long lengths(JsonNode parts) {
        long sum = 0;
        for (JsonNode part : parts) {
            int length = part.path("length").asInt(-1);
            sum += length < 0 ? Integer.MAX_VALUE : length;
        }
        return sum;
    }

    private static DataException damaged(String name, String how) {
        return new DataException(name + " is damaged (" + how + ")");
    }

    private static byte[] readExactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static float[] readVector(DataInputStream in, int length) throws IOException {
        float[] values = new float[length];
        byte[] chunk = new byte[StateFile.CHUNK];
        int most = StateFile.CHUNK / Float.BYTES;
        for (int from = 0; from < length; from += most) {
            int count = Math.min(most, length - from);
            in.readFully(chunk, 0, count * Float.BYTES);
            ByteBuffer.wrap(chunk)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values, from, count);
        }
        return values;
    }
}
