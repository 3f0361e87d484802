package org.coinflip.spark.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.spark.experiment.ExampleStorage;
import org.junit.jupiter.api.Test;

class StorageTest {
    private static final long MEGABYTE = 1 << 20;

    /** Examples that are never read. */
    private record Unread(int size, long featureBytes) implements ExampleShard {
        @Override
        public ExampleSchema schema() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Examples read() {
            throw new UnsupportedOperationException();
        }
    }

    /** A context with 600 MB for storage: (1300 − 300) · 0.6. */
    private static JavaSparkContext spark(boolean encrypted) {
        return new JavaSparkContext(new SparkConf()
                .setMaster("local[1]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.testing.memory", String.valueOf(1300 * MEGABYTE))
                .set("spark.io.encryption.enabled", String.valueOf(encrypted)));
    }

    private static List<ExampleShard> megabytes(int count) {
        return List.of(new Unread(1000, count * MEGABYTE / 2), new Unread(1000, count * MEGABYTE / 2));
    }

    @Test
    void takesFilesFromAQuarterOfTheMemoryOn() {
        try (JavaSparkContext spark = spark(false)) {
            assertFalse(Storage.inFiles(spark, ExampleStorage.AUTO, megabytes(148)));
            assertTrue(Storage.inFiles(spark, ExampleStorage.AUTO, megabytes(152)));
            assertFalse(Storage.inFiles(spark, ExampleStorage.MEMORY, megabytes(152)));
            assertTrue(Storage.inFiles(spark, ExampleStorage.FILE, megabytes(2)));
        }
    }

    @Test
    void writesNoPlainRowsWhereSparkEncrypts() {
        try (JavaSparkContext spark = spark(true)) {
            assertFalse(Storage.inFiles(spark, ExampleStorage.AUTO, megabytes(1000)));
            UsageException refused =
                    assertThrows(UsageException.class, () -> Storage.inFiles(spark, ExampleStorage.FILE, megabytes(2)));
            assertEquals(1, refused.getMessage().lines().count());
            assertTrue(refused.getMessage().startsWith("averaging.storage: got file with spark.io.encryption.enabled"));
        }
    }
}
