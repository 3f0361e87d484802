package org.coinflip.data.source;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * Text, to learn which character comes next. Example i is the characters [i · steps, (i + 1) · steps) of the text, one-hot, steps × symbols, and its values are the symbols that
 * follow each: those of [i · steps + 1, (i + 1) · steps + 1). What is left at the end is left out. A text is any bytes; a character of several bytes is several.
 *
 * @param path any Hadoop path of one file, gzipped or not
 * @param alphabet what the bytes are read as
 * @param steps characters of an example
 */
public record TextSource(String path, Alphabet alphabet, int steps) implements RawSource {
    private static final int MOST_STEPS = 1 << 12;

    /** Symbols that bytes are read as; fixed, so that every text is coded alike. */
    public enum Alphabet {
        /** a to z, capitals made small, and a blank for every run of anything else: 27 symbols, those of text8 (Mahoney 2006). */
        LETTERS(27) {
            @Override
            int code(int value) {
                int small = value | 0x20;
                return small >= 'a' && small <= 'z' ? 1 + small - 'a' : 0;
            }

            @Override
            boolean isLeftOut(int code, int before) {
                return code == 0 && before == 0;
            }
        },
        /** The 95 characters of ASCII from the blank to the tilde, the end of a line, and one for all else: 97 symbols. Carriage returns are left out. */
        ASCII(97) {
            @Override
            int code(int value) {
                if (value >= ' ' && value <= '~') {
                    return value - ' ';
                }
                return value == '\n' ? 95 : value == '\r' ? NONE : 96;
            }
        },
        /** All 256. */
        BYTES(256) {
            @Override
            int code(int value) {
                return value;
            }
        };

        private static final int NONE = -1;

        private final int symbols;

        Alphabet(int symbols) {
            this.symbols = symbols;
        }

        /** The symbol of a byte, or {@link #NONE}. */
        abstract int code(int value);

        boolean isLeftOut(int code, int before) {
            return code == NONE;
        }

        /** The symbols of a text. */
        private byte[] read(byte[] text) {
            byte[] codes = new byte[text.length];
            int size = 0;
            int before = NONE;
            for (byte next : text) {
                int code = code(next & 0xFF);
                if (!isLeftOut(code, before)) {
                    codes[size++] = (byte) code;
                    before = code;
                }
            }
            return Arrays.copyOf(codes, size);
        }
    }

    static TextSource read(Section section) {
        return new TextSource(
                section.text("path"),
                section.choice("alphabet", Alphabet.LETTERS),
                section.integer("steps", 100, 1, MOST_STEPS));
    }

    @Override
    public SourceType type() {
        return SourceType.TEXT;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("alphabet", Section.name(alphabet));
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    @Override
    public RawData read(Configuration conf) {
        SourceContent content = SourceContent.read(path, "a text", conf);
        byte[] codes = alphabet.read(content.bytes());
        int examples = (codes.length - 1) / steps;
        if (examples < 1) {
            throw new DataException(path + ": got " + codes.length + " symbols, expected at least " + (steps + 1)
                    + ", an example of " + steps + " and what follows it: give a longer text, or fewer data.steps");
        }
        int width = steps * alphabet.symbols;
        HeapRoom.require(path, examples, width, "give a part of it, or another data.alphabet");
        byte[] features = new byte[Math.multiplyExact(examples, width)];
        float[] values = new float[examples * steps];
        for (int i = 0; i < values.length; i++) {
            features[i * alphabet.symbols + (codes[i] & 0xFF)] = 1;
            values[i] = codes[i + 1] & 0xFF;
        }
        int[] labels = new int[examples];
        Arrays.fill(labels, Examples.UNLABELLED);
        return new RawData(
                "text",
                0,
                new Naming(List.of(), List.of(), RawSource.steps(steps)),
                Optional.empty(),
                new ImageShape(steps, alphabet.symbols),
                RawExamples.ofBytes(width, 0, labels, features, 1, path).withValues(steps, values),
                Optional.empty(),
                List.of(content.file()));
    }
}
