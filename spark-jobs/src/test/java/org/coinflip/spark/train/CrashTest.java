package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.coinflip.data.output.Lease;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.FragileFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that ends at any moment of its writing, and a disk that is full from any moment on. */
class CrashTest {
    private static final String SETTINGS =
            """
            data.split { train = 60, valid = 20, test = 20 }
            network.layers = [ { type = stochastic, units = 3, law = bernoulli }, { type = output, units = 10 } ]
            training { epochs = 2, batch = 10, updater = { type = Momentum, learning-rate = 0.1 } }
            averaging { workers = 2, steps-per-round = 2 }
            validation { draws = 2, examples = 4 }
            checkpoint { every = 1, keep = 1, best = 0 }
            """;

    /** Every so many changes of the file system one is tried; {@code -Dcrash.every=1} for all. */
    private static final int EVERY = Integer.getInteger("crash.every", 5);

    private static LocalSpark spark;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() {
        // both are read when the driver asks for the settings of its file systems
        System.setProperty("spark.hadoop.fs.fragile.impl", FragileFileSystem.class.getName());
        System.setProperty("spark.hadoop.fs.fragile.impl.disable.cache", "true");
        spark = new LocalSpark(2);
    }

    @AfterAll
    static void stop() {
        spark.close();
        FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.GONE);
        System.clearProperty("spark.hadoop.fs.fragile.impl");
        System.clearProperty("spark.hadoop.fs.fragile.impl.disable.cache");
    }

    @Test
    void whateverItWasWritingItGoesOnToTheSameBits() throws IOException {
        FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.GONE);
        String expected = train("whole", "").orElseThrow();
        int changes = FragileFileSystem.changes();
        assertTrue(changes >= 30, "changes of the file system: " + changes);
        for (int after = 0; after < changes; after += EVERY) {
            String name = "gone-" + after;
            FragileFileSystem.breakAfter(after, FragileFileSystem.End.GONE);
            assertEquals(Optional.empty(), train(name, ""), "ended after " + after);
            FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.GONE);
            assertEquals(expected, train(name, "resume = true").orElseThrow(), "ended after " + after);
        }
    }

    @Test
    void aFullDiskIsOneClearErrorAndNothingIsLost() throws IOException {
        FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.FULL);
        String expected = train("room", "").orElseThrow();
        int changes = FragileFileSystem.changes();
        for (int after = 1; after < changes - 2; after += 3 * EVERY) {
            String name = "full-" + after;
            FragileFileSystem.breakAfter(after, FragileFileSystem.End.FULL);
            UsageException failure =
                    assertThrows(UsageException.class, () -> training(name, "").run(spark.context()));
            assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
            assertTrue(failure.getMessage().contains("make room"), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
            FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.FULL);
            assertEquals(expected, train(name, "resume = true").orElseThrow(), "full after " + after);
        }
    }

    /** The parameters, unless the training was broken off. */
    private static Optional<String> train(String name, String settings) throws IOException {
        Path summary = folder.resolve(name).resolve("summary.json");
        if (!Files.exists(summary)) {
            try {
                training(name, settings).run(spark.context());
            } catch (UsageException e) {
                assertTrue(e.getMessage().contains("the process is gone"), e.getMessage());
                // it would be taken over from, were the process not this one
                Files.deleteIfExists(folder.resolve(name).resolve(Lease.FILE));
                return Optional.empty();
            }
        }
        return Optional.of(new ObjectMapper()
                .readTree(summary.toFile())
                .get("parametersSha256")
                .asText());
    }

    private static Training training(String name, String settings) {
        return Training.prepare(Experiment.read(
                ConfigFactory.parseString(settings + "\noutput = \"fragile://" + folder.resolve(name) + "\"")
                        .withFallback(ConfigFactory.parseString(SETTINGS))));
    }
}
