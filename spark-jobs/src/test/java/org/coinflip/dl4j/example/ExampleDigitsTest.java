package org.coinflip.dl4j.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** DL4J trains stochastic units on the digits, and a restored network predicts the same. */
@Tag("numerical")
class ExampleDigitsTest {
    @TempDir
    private Path folder;

    /** A fixed seed on one machine gives the same bits; the bounds leave room for another BLAS. Chance is 90 %. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bernoulli | { type = straight-through, derivative = sigmoid } | 8",
                "bernoulli | { type = rloo, samples = 4 } | 25",
                "bernoulli | reinforce | 40",
                "noisy-rectifier | pathwise | 8"
            })
    void learnsTheDigits(String law, String estimator, double mostPercent) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code = new CommandLine(new ExampleDigits())
                    .execute(
                            "--law",
                            law,
                            "--estimator",
                            estimator,
                            "--epochs",
                            "10",
                            "--save",
                            folder.resolve("digits.zip").toString());
            assertEquals(0, code);
        } finally {
            System.setOut(before);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        double error = Double.parseDouble(lines.get(0).split(" ")[2]);
        assertTrue(error < mostPercent, lines.get(0));
        assertEquals(error, Double.parseDouble(lines.get(1).split(" ")[2]));
    }
}
