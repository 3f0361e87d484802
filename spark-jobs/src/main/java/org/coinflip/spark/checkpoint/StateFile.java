package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.Sha256;
import org.coinflip.model.error.DataException;

/**
 * Vectors and what is said of them, in one file that checks itself: {@code COINFLIP}, the header's length (int32, little-endian like
 * all that follows), the header (JSON: format version, names and lengths, what the writer says), the vectors (raw float32), the blobs, and the SHA-256 of
 * all before it. Written and read in one pass; nothing is deserialised by class.
 *
 * <p>A reader refuses a greater {@code format} and ignores header fields that it does not know.
 */
public final class StateFile {
    /** Version of the written form. */
    public static final int FORMAT = 1;

    private static final byte[] MAGIC = "COINFLIP".getBytes(StandardCharsets.US_ASCII);
    /** Bytes of a SHA-256. */
    private static final int SUM = 32;

    /** Bytes read or written at a time. */
    private static final int CHUNK = 1 << 16;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a file holds.
     *
     * @param about what the writer says of it, an object of JSON
     * @param vectors numbers by name
     * @param blobs bytes by name
     * @param sha256 that the file ends with; empty where it is not written yet
     */
    public record Content(JsonNode about, Map<String, float[]> vectors, Map<String, byte[]> blobs, String sha256) {
        /** What is to be written. */
        public Content(JsonNode about, Map<String, float[]> vectors, Map<String, byte[]> blobs) {
            this(about, vectors, blobs, "");
        }
    }

    private StateFile() {}

    /** Writes a file, and gives the SHA-256 that it ends with. The stream is not closed. */
    public static String write(OutputStream stream, Content content) throws IOException {
        DigestOutputStream digesting = new DigestOutputStream(stream, Sha256.digest());
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(digesting, CHUNK));
        byte[] header = JSON.writeValueAsBytes(header(content));
        out.write(MAGIC);
        out.writeInt(Integer.reverseBytes(header.length));
        out.write(header);
        for (float[] vector : content.vectors().values()) {
            write(out, vector);
        }
        for (byte[] blob : content.blobs().values()) {
            out.write(blob);
        }
        out.flush();
        byte[] sum = digesting.getMessageDigest().digest();
        stream.write(sum);
        return HexFormat.of().formatHex(sum);
    }

    private static ObjectNode header(Content content) {
        ObjectNode header = JSON.createObjectNode();
        header.put("format", FORMAT);
        ArrayNode vectors = header.putArray("vectors");
        content.vectors()
                .forEach((name, values) -> vectors.addObject().put("name", name).put("length", values.length));
        ArrayNode blobs = header.putArray("blobs");
        content.blobs()
                .forEach((name, bytes) -> blobs.addObject().put("name", name).put("length", bytes.length));
        header.set("about", content.about());
        return header;
    }

    private static void write(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int most = CHUNK / Float.BYTES;
        for (int from = 0; from < values.length; from += most) {
            int count = Math.min(most, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /** Reads a file of a file system, otherwise as {@link #read(InputStream, long, String)}. */
    public static Content read(FileSystem fileSystem, Path file, String name) throws IOException {
        long bytes = fileSystem.getFileStatus(file).getLen();
        try (InputStream in = new BufferedInputStream(fileSystem.open(file), CHUNK)) {
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
    public static Content read(InputStream stream, long bytes, String name) throws IOException {
        MessageDigest digest = Sha256.digest();
        try {
            DataInputStream in = new DataInputStream(new DigestInputStream(stream, digest));
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
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
            String got = HexFormat.of().formatHex(stream.readNBytes(SUM));
            if (!got.equals(expected)) {
                throw damaged(name, "it ends with SHA-256 " + got + ", its content has " + expected);
            }
            return new Content(header.path("about"), vectors, blobs, got);
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
        if (format > FORMAT) {
            throw new DataException(name + " has format " + format + ", expected at most " + FORMAT
                    + ": go on with the version that wrote it");
        }
        long expected = MAGIC.length
                + Integer.BYTES
                + length
                + Float.BYTES * lengths(header.path("vectors"))
                + lengths(header.path("blobs"))
                + SUM;
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
        byte[] chunk = new byte[CHUNK];
        int most = CHUNK / Float.BYTES;
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
