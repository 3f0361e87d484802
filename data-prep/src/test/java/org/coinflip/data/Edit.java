package org.coinflip.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * A change of a file.
 *
 * @param kind what is done
 * @param at where: the place modulo the length
 * @param length of what is removed or doubled
 * @param word what is put there: its place among words, modulo their number
 */
record Edit(Kind kind, int at, int length, int word) {
    enum Kind {
        BYTE,
        BIT,
        INSERT,
        REMOVE,
        DOUBLE,
        CUT,
        MOVE,
        /** A number or a text between two separators gives way to a word. */
        CELL,
        LINE_TWICE,
        NUMBER,
        GZIP
    }

    /** What makes readers of texts stumble. */
    static final List<String> WORDS = List.of(
            "",
            "\"",
            "\"\"",
            "\n",
            "\r",
            "\r\n",
            ",",
            ";",
            "\t",
            " ",
            "#",
            ":",
            "{",
            "}",
            "[",
            "null",
            "true",
            "\ufeff",
            "\u0000",
            "\u001b[2J",
            "\u0085",
            "\u2028",
            "\ud83d\ude00",
            "é",
            "1e999",
            "-1e999",
            "1e-999",
            "1e2147483648",
            "1e-2147483649",
            "9".repeat(400),
            "0." + "0".repeat(400) + "1",
            "x".repeat(5000),
            "0x1p3",
            "NaN",
            "Infinity",
            "-0",
            "+",
            "-",
            ".",
            "e",
            "NA",
            "1.5",
            "1.6",
            "-1",
            "0",
            "1",
            "2",
            "3.0",
            "1048575",
            "1048576",
            "16777216",
            "16777217",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "3.4028236e38",
            "1.7976931348623157e308",
            "1700000000",
            "1700000001",
            "2026-11-29",
            "2026-13-45",
            "2026-11-29T25:00:00Z",
            "2026-11-29T12:30:00+99:00",
            "+999999999-12-31",
            "train",
            "valid",
            "test",
            "qid:7",
            "1:1",
            "3:1",
            "0:1",
            "-1:1",
            ":",
            "1:",
            "4:1e39",
            "२");

    /** Up to three of any kind, anywhere. */
    static Arbitrary<List<Edit>> several() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class), uniform(1 << 20), uniform(40), uniform(255 * WORDS.size()))
                .as(Edit::new)
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<Integer> uniform(int most) {
        return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
    }

    /** The content after one edit after another. */
    static byte[] all(byte[] content, List<Edit> edits) {
        byte[] changed = content;
        for (Edit edit : edits) {
            changed = edit.apply(changed);
        }
        return changed;
    }

    byte[] apply(byte[] file) {
        if (kind == Kind.GZIP) {
            return IdxBytes.gzip(file);
        }
        int from = file.length == 0 ? 0 : at % (file.length + 1);
        int to = Math.min(file.length, from + length);
        return switch (kind) {
            case BYTE -> changed(file, from, (byte) word);
            case BIT -> from == file.length ? file : changed(file, from, (byte) (file[from] ^ 1 << word % 8));
            case INSERT -> joined(file, 0, from, put(), from);
            case REMOVE -> joined(file, 0, from, new byte[0], to);
            case DOUBLE -> joined(file, 0, to, new byte[0], from);
            case CUT -> Arrays.copyOf(file, from);
            case MOVE -> joined(
                    joined(file, 0, from, new byte[0], to),
                    0,
                    Math.max(0, from - length),
                    Arrays.copyOfRange(file, from, to),
                    Math.max(0, from - length));
            case CELL -> cell(file, from);
            case LINE_TWICE -> {
                int start = start(file, from, "\n");
                int end = Math.min(file.length, end(file, from, "\n") + 1);
                yield joined(file, 0, end, Arrays.copyOfRange(file, start, end), end);
            }
            case NUMBER -> number(file, from & ~3);
            case GZIP -> throw new AssertionError();
        };
    }

    /** Four bytes that are a number of a header become another. */
    private byte[] number(byte[] file, int from) {
        int[] numbers = {
            0,
            1,
            2,
            3,
            -1,
            255,
            256,
            65_536,
            1_000_000_000,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            0x0801,
            0x0803,
            0x0D02,
            0x0C01,
            0x0B01,
            0x7FC00000,
            0x7F800000
        };
        byte[] changed = Arrays.copyOf(file, Math.max(file.length, from + 4));
        java.nio.ByteBuffer.wrap(changed).putInt(from, numbers[word % numbers.length]);
        return changed;
    }

    private byte[] cell(byte[] file, int from) {
        String separators = ",;:\t \n\r{}[]";
        return joined(file, 0, start(file, from, separators), put(), end(file, from, separators));
    }

    private byte[] put() {
        String put = WORDS.get(word % WORDS.size());
        // some bytes that are no UTF-8
        return put.equals("é") ? put.getBytes(ISO_8859_1) : put.getBytes(UTF_8);
    }

    private static int start(byte[] file, int from, String separators) {
        int start = Math.min(from, file.length);
        while (start > 0 && separators.indexOf(file[start - 1]) < 0) {
            start--;
        }
        return start;
    }

    private static int end(byte[] file, int from, String separators) {
        int end = from;
        while (end < file.length && separators.indexOf(file[end]) < 0) {
            end++;
        }
        return end;
    }

    private static byte[] changed(byte[] file, int at, byte value) {
        byte[] changed = file.clone();
        if (at < changed.length) {
            changed[at] = value;
        }
        return changed;
    }

    /** What is before {@code to}, something between, and what is from {@code on} on. */
    private static byte[] joined(byte[] file, int from, int to, byte[] between, int on) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, from, Math.min(to, file.length) - from);
        out.writeBytes(between);
        int rest = Math.min(on, file.length);
        out.write(file, rest, file.length - rest);
        return out.toByteArray();
    }
}
