package org.coinflip.spark.tracking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.spark.output.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFileTest {
    /** As {@code tensorboard_records.py}, beside this test, prints them: written by TensorBoard itself. */
    private static final String VERSION =
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c";

    private static final String ERROR =
            "2100000000000000017becf609000000000000f83f10072a140a120a0b76616c69642e6572726f72150000803e761893e7";
    private static final String NOT_A_NUMBER =
            "1d00000000000000602fdf230900000840fc54d9411094b4e4f4cb032a0b0a090a02ceb5150000c07f4dfd299a";

    @TempDir
    private Path folder;

    @Test
    void recordsAreTensorBoards() {
        assertArrayEquals(bytes(VERSION), TensorBoardFile.version(1500));
        assertArrayEquals(bytes(ERROR), TensorBoardFile.scalar(new Point("valid.error", 0.25, 7, 1500)));
        assertArrayEquals(
                bytes(NOT_A_NUMBER), TensorBoardFile.scalar(new Point("ε", Double.NaN, 123456789012L, 1700000000125L)));
    }

    /** Rounds from before a training was stopped are there again, and the score of the end is the last. */
    @Test
    void aTrainingLeavesAPointALookAndNumber() throws Exception {
        RunDirectory run = RunDirectory.at(folder.resolve("out").toString(), false, new Configuration());
        run.create(TrainingTracking.FILE);
        Map<String, Object> earlier = Map.of("steps", 40, "epoch", 1.0, "valid", Map.of("error", 0.5));
        Map<String, Object> layer = Map.of("law", "bernoulli", "firingRate", 0.375);
        try (RunDirectory.Hold hold = run.hold("test");
                TrainingTracking tracking = new TrainingTracking(
                        new TrackingSpec(Optional.empty(), true), "mine", Map.of(), run, List.of(earlier))) {
            tracking.line(Map.of("steps", 60L, "epoch", 1.5));
            tracking.line(Map.of("steps", 80L, "valid", Map.of("error", 0.25), "layers", List.of(layer)));
            tracking.ended(Map.of("status", "done", "test", Map.of("error", 0.125)));
        }
        byte[] written = Files.readAllBytes(folder.resolve("out").resolve(TrainingTracking.FILE));
        List<Point> points = List.of(
                new Point("epoch", 1, 40, 0),
                new Point("valid.error", 0.5, 40, 0),
                new Point("valid.error", 0.25, 80, 0),
                new Point("layers.0.firingRate", 0.375, 80, 0),
                new Point("test.error", 0.125, 80, 0));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(withoutTimes(TensorBoardFile.version(0)));
        points.forEach(point -> expected.writeBytes(withoutTimes(TensorBoardFile.scalar(point))));
        assertArrayEquals(expected.toByteArray(), withoutTimes(written));
        // as where it goes on without
        run.withdraw(TrainingTracking.FILE);
        assertFalse(Files.exists(folder.resolve("out/tensorboard")));
    }

    @Test
    void nobodyWatchesWhereNobodyIsNamed() throws Exception {
        RunDirectory run = RunDirectory.at(folder.resolve("none").toString(), false, new Configuration());
        run.create(TrainingTracking.FILE);
        try (TrainingTracking tracking =
                new TrainingTracking(TrackingSpec.NONE, "mine", Map.of(), run, List.of(Map.of("valid", Map.of())))) {
            tracking.ended(Map.of("status", "done"));
        }
        assertFalse(Files.exists(folder.resolve("none").resolve(TrainingTracking.FILE)));
        assertEquals(Map.of(), TrackingSpec.NONE.write());
    }

    /** Records with the eight bytes of their time, and the checksums over those, set to 0. */
    private static byte[] withoutTimes(byte[] records) {
        byte[] all = records.clone();
        ByteBuffer numbers = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < all.length; ) {
            int length = (int) numbers.getLong(at);
            // a tag is before the time
            numbers.putLong(at + 13, 0);
            numbers.putInt(at + 12 + length, 0);
            at += length + 16;
        }
        return all;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
