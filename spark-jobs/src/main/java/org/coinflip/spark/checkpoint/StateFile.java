package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.Map;
import org.coinflip.model.storage.Sha256;

/**
 * Vectors and what is said of them, in one file that checks itself: {@code COINFLIP}, the header's length (int32, little-endian like
 * all that follows), the header (JSON: format version, names and lengths, what the writer says), the vectors (raw float32), the blobs, and the SHA-256 of
 * all before it. Written and read ({@link StateFileReader}) in one pass; nothing is deserialised by class.
 *
 * <p>A reader refuses a greater {@code format} and ignores header fields that it does not know.
 */
public final class StateFile {
    /** Version of the written form. */
    public static final int FORMAT = 1;

    static final byte[] MAGIC = "COINFLIP".getBytes(StandardCharsets.US_ASCII);
    /** Bytes of a SHA-256. */
    static final int SUM = 32;

    /** Bytes read or written at a time. */
    static final int CHUNK = 1 << 16;

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
}
