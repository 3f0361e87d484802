package org.coinflip.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSourceTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private String section(byte[] text, String keys) {
        return "source = text, path = \"" + IdxBytes.write(folder, "t.txt", text) + "\", " + keys;
    }

    private RawData data(String text, String keys) {
        return ((RawSource) Specs.of(section(text.getBytes(UTF_8), keys)).source()).read(CONF);
    }

    /** What an example's steps are, a symbol each. */
    private static int[] read(RawExamples examples, int example, int steps) {
        int symbols = examples.width() / steps;
        int[] read = new int[steps];
        for (int t = 0; t < steps; t++) {
            int on = 0;
            for (int s = 0; s < symbols; s++) {
                double value = examples.feature(example, t * symbols + s);
                on += value == 1 ? 1 : 0;
                read[t] = value == 1 ? s : read[t];
            }
            assertEquals(1, on, "one symbol a step");
        }
        return read;
    }

    private static int[] asked(RawExamples examples, int example) {
        float[] values = examples.values(new int[] {example});
        int[] asked = new int[values.length];
        Arrays.setAll(asked, t -> (int) values[t]);
        return asked;
    }

    @Test
    void whatIsAskedIsTheNextSymbol() {
        RawExamples examples = data("abcdefghijk", "steps = 3").development();
        assertEquals(3, examples.size(), "k is what follows the third");
        for (int i = 0; i < 3; i++) {
            for (int t = 0; t < 3; t++) {
                assertEquals(1 + 3 * i + t, read(examples, i, 3)[t]);
                assertEquals(2 + 3 * i + t, asked(examples, i)[t]);
            }
        }
    }

    @Test
    void lettersAreSmallAndAllElseIsABlank() {
        RawData data = data("The  [cat]\r\nsät 9!", "steps = 11");
        int[] read = read(data.development(), 0, 11);
        StringBuilder text = new StringBuilder();
        for (int symbol : read) {
            text.append(symbol == 0 ? ' ' : (char) ('a' + symbol - 1));
        }
        assertEquals("the cat s t", text.toString());
    }

    @Test
    void asciiHasAllItsSigns() {
        RawExamples examples =
                data(" ~A\r\n\tz!", "steps = 6, alphabet = ascii").development();
        assertEquals(97 * 6, examples.width());
        assertEquals("[0, 94, 33, 95, 96, 90]", Arrays.toString(read(examples, 0, 6)));
        assertEquals("[94, 33, 95, 96, 90, 1]", Arrays.toString(asked(examples, 0)));
    }

    @Test
    void bytesAreThemselves() {
        byte[] text = {0, -1, 127, -128, 5};
        RawExamples examples = ((RawSource)
                        Specs.of(section(text, "steps = 4, alphabet = bytes")).source())
                .read(CONF)
                .development();
        assertEquals("[0, 255, 127, 128]", Arrays.toString(read(examples, 0, 4)));
        assertEquals("[255, 127, 128, 5]", Arrays.toString(asked(examples, 0)));
    }

    @Test
    void aGzippedTextIsTheSame() {
        String gzipped = IdxBytes.write(folder, "t.gz", IdxBytes.gzip("a text of a few words".getBytes(UTF_8)));
        RawExamples examples = ((RawSource) Specs.of("source = text, steps = 5, path = \"" + gzipped + "\"")
                        .source())
                .read(CONF)
                .development();
        RawExamples expected = data("a text of a few words", "steps = 5").development();
        assertEquals(expected.size(), examples.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(Arrays.toString(read(expected, i, 5)), Arrays.toString(read(examples, i, 5)));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', is empty", "abc, got 3 symbols", "'?!?!?!?!', got 1 symbols"})
    void aTextThatIsTooShortIsRefused(String text, String said) {
        OneLine.ofData(() -> data(text, "steps = 3"), said, "t.txt");
    }
}
