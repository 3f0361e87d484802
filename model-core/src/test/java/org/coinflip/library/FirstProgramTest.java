package org.coinflip.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.coinflip.Model;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstProgramTest {
    private static final Path SOURCE = Path.of("src/test/java/org/coinflip/library/FirstProgram.java");

    @TempDir
    private Path folder;

    /** Opposite signs of means ±1 with deviation 0.2: a point is on a wrong side with probability 10⁻⁶. Every example is told right. */
    @Test
    void learnsAndSavesWhatItLearned() {
        float[][] x = FirstProgram.points(400);
        int[] y = FirstProgram.classes(x);
        float[] probabilities = FirstProgram.run(x, y, folder.resolve("model"));
        assertEquals(1, probabilities[0] + probabilities[1], 1e-6);
        Model loaded = Model.load(folder.resolve("model"));
        assertArrayEquals(probabilities, loaded.predict(x[0]));
        assertArrayEquals(y, loaded.classify(x));
        assertEquals(0, loaded.evaluate(Examples.of(x, y)).errors());
    }

    @Test
    void isWhatTheDocumentsShow() throws IOException {
        String shown = shown();
        assertTrue(shown.lines().count() <= 15, shown);
        for (String document : new String[] {"../docs/library.md", "../README.md"}) {
            assertTrue(Files.readString(Path.of(document)).contains(shown), document + " lacks\n" + shown);
        }
    }

    /** The lines between the marks, without their indentation. */
    private static String shown() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        int from = lines.indexOf("        // docs: first-program") + 1;
        int to = lines.indexOf("        // docs: end");
        return lines.subList(from, to).stream().map(line -> line.substring(8)).collect(Collectors.joining("\n"));
    }
}
