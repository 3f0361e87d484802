package org.coinflip.spark.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Looks at a zip of DL4J's before DL4J does, which takes memory for whatever sizes the zip names, outside the heap too, and reads there by
 * them. What this has passed has as many numbers as it says, in as few bytes as the zip has, and layers that are no larger.
 */
final class Dl4jZipCheck {
    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final int CHUNK = 1 << 16;
    /** ND4J's arrays have no more dimensions. */
    private static final int MOST_DIMENSIONS = 32;

    /** What an array's description has beside sizes and strides. */
    private static final int BESIDE = 4;

    private static final Map<String, Integer> BYTES =
            Map.of("FLOAT", 4, "DOUBLE", 8, "HALF", 2, "BFLOAT16", 2, "LONG", 8, "INT", 4);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Dl4jZipCheck() {}

    /**
     * What is wrong with a zip, in words that follow its name; nothing where it can be read.
     *
     * @param most bytes that it may expand to
     */
    static Optional<String> of(InputStream in, long most) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        Optional<String> tooLarge = expand(new ZipInputStream(in), most, parts);
        if (tooLarge.isPresent()) {
            return tooLarge;
        }
        if (parts.isEmpty()) {
            return Optional.of("is no zip");
        }
        for (String needed : new String[] {CONFIGURATION, COEFFICIENTS}) {
            if (!parts.containsKey(needed)) {
                return Optional.of("has no " + needed);
            }
        }
        try {
            long numbers = numbers(parts.get(COEFFICIENTS));
            return numbers < 0
                    ? Optional.of("has a " + COEFFICIENTS + " that is no row of numbers as long as it says")
                    : layers(JSON.readTree(parts.get(CONFIGURATION)), numbers);
        } catch (JsonProcessingException e) {
            return Optional.of("has a " + CONFIGURATION + " that is no JSON");
        }
    }

    private static Optional<String> expand(ZipInputStream zip, long most, Map<String, byte[]> parts)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            boolean kept =
                    entry.getName().equals(CONFIGURATION) || entry.getName().equals(COEFFICIENTS);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (int read = zip.read(chunk); read >= 0; read = zip.read(chunk)) {
                bytes += read;
                if (bytes > most) {
                    return Optional.of("expands to more than " + (most >> 20)
                            + " MB, a quarter of the heap (DRIVER_MEMORY gives more)");
                }
                if (kept) {
                    content.write(chunk, 0, read);
                }
            }
            parts.put(entry.getName(), content.toByteArray());
        }
        return Optional.empty();
    }

    /** How many numbers an array of ND4J's has; negative where it is garbled. */
    private static long numbers(byte[] array) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(array))) {
            Header shape = Header.read(in);
            if (!shape.type().equals("LONG") && !shape.type().equals("INT")
                    || shape.length() < BESIDE
                    || shape.length() > 2 * MOST_DIMENSIONS + BESIDE) {
                return -1;
            }
            long[] numbers = new long[(int) shape.length()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = shape.type().equals("LONG") ? in.readLong() : in.readInt();
            }
            Header values = Header.read(in);
            int bytes = BYTES.getOrDefault(values.type(), 0);
            boolean whole = bytes > 0
                    && values.length() >= 1
                    && values.length() <= in.available() / bytes
                    && isShapeOf(numbers, values.length());
            return whole ? values.length() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Whether a description (dimensions, sizes, strides, flags, stride, order) is of so many numbers, and reaches none beyond them. */
    private static boolean isShapeOf(long[] shape, long length) {
        long dimensions = shape[0];
        if (dimensions < 0 || 2 * dimensions + BESIDE != shape.length) {
            return false;
        }
        long product = 1;
        long last = 0;
        for (int i = 1; i <= dimensions; i++) {
            long size = shape[i];
            long stride = shape[i + (int) dimensions];
            if (size < 1 || size > length / product || stride < 0 || stride > length) {
                return false;
            }
            product *= size;
            last += (size - 1) * stride;
            if (last >= length) {
                return false;
            }
        }
        return product == length;
    }

    private static Optional<String> layers(JsonNode configuration, long numbers) {
        long weights = 0;
        int index = 0;
        for (JsonNode conf : configuration.path("confs")) {
            JsonNode layer = conf.path("layer");
            long in = layer.path("nin").asLong(0);
            long out = layer.path("nout").asLong(0);
            if (in < 1 || out < 1 || in > numbers || out > (numbers - weights) / in) {
                return Optional.of(
                        "has layer " + index + " of " + layer.path("nin").asText("no") + " inputs and "
                                + layer.path("nout").asText("no") + " outputs, and " + numbers + " numbers in all");
            }
            weights += in * out;
            index++;
        }
        return index == 0 ? Optional.of("has no layers") : Optional.empty();
    }

    /** What a buffer of ND4J's begins with: how long it is, and of which type its numbers are. */
    private record Header(long length, String type) {
        static Header read(DataInputStream in) throws IOException {
            boolean wide =
                    switch (in.readUTF()) {
                        case "DIRECT", "HEAP", "JAVACPP" -> false;
                        case "LONG_SHAPE", "MIXED_DATA_TYPES" -> true;
                        default -> throw new IOException("no buffer of ND4J's");
                    };
            long length = wide ? in.readLong() : in.readInt();
            return new Header(length, in.readUTF());
        }
    }
}
