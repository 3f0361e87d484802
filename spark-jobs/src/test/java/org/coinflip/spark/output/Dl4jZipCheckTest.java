package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Zips that name more than they hold are found out before memory is taken; those of DL4J itself are in {@code ConvertJobTest}. */
class Dl4jZipCheckTest {
    private static final long MOST = 1 << 20;

    /** A row of six numbers as ND4J writes it, but for what is wrong with it. */
    private static byte[] array(long shapeLength, long columns, long stride, long length, String type)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF("LONG_SHAPE");
        out.writeLong(shapeLength);
        out.writeUTF("LONG");
        for (long number : new long[] {2, 1, columns, columns, stride, 8192, 1, 99}) {
            out.writeLong(number);
        }
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(length);
        out.writeUTF(type);
        for (int i = 0; i < 6; i++) {
            out.writeFloat(i);
        }
        return bytes.toByteArray();
    }

    private static String layer(String in, String out) {
        return "{\"confs\": [ { \"layer\": { \"nin\": " + in + ", \"nout\": " + out + " } } ]}";
    }

    private static Optional<String> check(String configuration, byte[] coefficients) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        if (configuration != null) {
            parts.put("configuration.json", configuration.getBytes(StandardCharsets.UTF_8));
        }
        if (coefficients != null) {
            parts.put("coefficients.bin", coefficients);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("other"));
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        }
        return Dl4jZipCheck.of(new ByteArrayInputStream(bytes.toByteArray()), MOST);
    }

    @Test
    void whatHoldsWhatItNamesPasses() throws IOException {
        assertEquals(Optional.empty(), check(layer("2", "3"), array(8, 6, 1, 6, "FLOAT")));
    }

    @Test
    void layersAreNoLargerThanTheNumbers() throws IOException {
        byte[] six = array(8, 6, 1, 6, "FLOAT");
        for (String[] sizes : new String[][] {
            {"2", "4"},
            {"0", "3"},
            {"-2", "3"},
            {"2147483647", "2147483647"},
            {"4294967296", "4294967296"},
            {"null", "3"}
        }) {
            String what = check(layer(sizes[0], sizes[1]), six).orElse("");
            assertTrue(what.startsWith("has layer 0 of "), what);
            assertTrue(what.endsWith("6 numbers in all"), what);
        }
        assertEquals(Optional.of("has no layers"), check("{}", six));
    }

    @Test
    void arraysAreNoLargerThanTheirBytes() throws IOException {
        byte[][] wrong = {
            array(8, 6, 1, 1L << 40, "FLOAT"),
            array(8, 6, 1, -1, "FLOAT"),
            array(8, 6, 1, 6, "DOUBLE"),
            array(8, 6, 1, 6, "UTF8"),
            array(1L << 60, 6, 1, 6, "FLOAT"),
            array(8, 7, 1, 6, "FLOAT"),
            array(8, 1L << 62, 1, 6, "FLOAT"),
            array(8, 6, 2, 6, "FLOAT"),
            array(8, 6, -1, 6, "FLOAT"),
            new byte[0]
        };
        for (byte[] array : wrong) {
            String what = check(layer("2", "3"), array).orElse("");
            assertTrue(what.contains("no row of numbers as long as it says"), what);
        }
    }

    @Test
    void partsThatAreMissingOrLargeAreNamed() throws IOException {
        assertEquals(Optional.of("has no configuration.json"), check(null, array(8, 6, 1, 6, "FLOAT")));
        assertEquals(Optional.of("has no coefficients.bin"), check(layer("2", "3"), null));
        assertTrue(check("no JSON", array(8, 6, 1, 6, "FLOAT")).orElse("").contains("no JSON"));
        assertTrue(check(layer("2", "3"), new byte[(int) MOST + 1]).orElse("").startsWith("expands to more than 1 MB"));
    }
}
