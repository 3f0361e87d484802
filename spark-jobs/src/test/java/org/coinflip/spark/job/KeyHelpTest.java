package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code --help KEY} on the command line of a job. */
class KeyHelpTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private int run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            return JobCommand.run(new TrainJob(), arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void printsWhatAKeyIs() {
        assertEquals(0, run("--help", "training.epochs", "checkpoint.keep=3"), said.toString(StandardCharsets.UTF_8));
        assertEquals(
                """
                training.epochs: whole number, at least 1; default 20
                    passes over the training examples; of a policy rounds
                checkpoint.keep: whole number, 1 to 1048576; default 2
                    how many of the latest are kept
                """,
                printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearest() {
        assertEquals(2, run("--help", "training.epoch"));
        assertEquals(
                "--help: got training.epoch, expected a key or a section of train.sh; did you mean training.epochs?;"
                        + " docs/reference.md has all\n",
                said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aloneItIsThatOfTheJob() {
        assertEquals(0, run("--help"));
        assertTrue(printed.toString(StandardCharsets.UTF_8).startsWith("Usage: train "), printed.toString());
    }
}
