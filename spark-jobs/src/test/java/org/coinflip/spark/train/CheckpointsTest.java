package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.Test;

/** Checkpoints in a training's folder: which are written and kept, and what becomes of damaged and half-written ones. */
class CheckpointsTest extends StoppedTrainings {
    @Test
    void keepsTheLatestAndTheBest() throws IOException {
        train("kept", "checkpoint { every = 1, keep = 2, best = 2 }");
        List<Double> losses = new ArrayList<>();
        for (JsonNode line : lines("kept")) {
            if (line.has("valid")) {
                losses.add(line.get("valid").get("loss").asDouble());
            }
        }
        assertEquals(4, losses.size());
        List<String> expected = new ArrayList<>(List.of("round-00000015", "round-00000016"));
        losses.stream()
                .sorted()
                .limit(2)
                .forEach(loss -> expected.add("round-000000" + String.format("%02d", 4 * (losses.indexOf(loss) + 1))));
        try (Stream<Path> files = Files.list(folder.resolve("kept/checkpoints"))) {
            assertEquals(
                    expected.stream().distinct().sorted().toList(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".bin"))
                            .map(name -> name.replace(".bin", ""))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void checkpointsComeByTimeToo() throws IOException {
        JsonNode summary = train("minutes", "checkpoint { every = 0, best = 0, keep = 99, minutes = 1e-9 }");
        assertEquals(unbroken.get("parametersSha256"), summary.get("parametersSha256"));
        long written =
                names("minutes").stream().filter(name -> name.endsWith(".bin")).count();
        assertTrue(written >= ROUNDS / 2, "" + written);
        train("hours", "checkpoint { every = 0, best = 0, minutes = 600 }");
        assertTrue(Files.notExists(folder.resolve("hours/checkpoints")));
    }

    @Test
    void anOverwrittenRunIsNoMeasureForTheNext() throws IOException {
        train("again", "checkpoint { every = 0, keep = 1, best = 1 }");
        List<String> first = names("again");
        train("again", "overwrite = true, checkpoint { every = 0, keep = 1, best = 1 }");
        assertEquals(first, names("again"));
    }

    @Test
    void whatWasBeingWrittenIsNoCheckpoint() throws IOException {
        stopped("half", 6, "checkpoint.keep = 9");
        byte[] whole = Files.readAllBytes(checkpoint("half", "round-00000006.bin"));
        Files.write(checkpoint("half", "round-00000008.bin"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.write(checkpoint("half", ".round-00000009.bin.0f8fad5b-d9cb-469f-a165-70867728950e"), whole);
        Files.writeString(checkpoint("half", "mybackup.bin"), "mine");
        Files.writeString(Files.createDirectories(checkpoint("half", "keep")).resolve("x"), "mine");
        JsonNode resumed = train("half", "resume = true");
        assertEquals(6, resumed.get("resumedAfterRound").asInt());
        same(resumed, "half");
        try (Stream<Path> left = Files.list(folder.resolve("half/checkpoints"))) {
            assertTrue(left.noneMatch(file -> file.toString().contains(".round-00000009")));
        }
        assertEquals("mine", Files.readString(checkpoint("half", "mybackup.bin")));
        assertEquals("mine", Files.readString(checkpoint("half", "keep/x")));
    }

    @Test
    void aDamagedCheckpointIsRefusedAndTheOneBeforeIsOffered() throws IOException {
        stopped("damaged", 6, "");
        Path latest = checkpoint("damaged", "round-00000006.bin");
        byte[] whole = Files.readAllBytes(latest);
        for (int place = 0; place < whole.length; place += whole.length / 40) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 1;
            Files.write(latest, damaged);
            refused(
                    DataException.class,
                    "go on from the one before by resume=round-00000004",
                    "damaged",
                    "resume = true");
        }
        Files.write(latest, java.util.Arrays.copyOf(whole, whole.length - 1));
        refused(DataException.class, "is damaged (it has " + (whole.length - 1) + " bytes", "damaged", "resume = true");
        Files.delete(latest);
        refused(DataException.class, "resume=round-00000004", "damaged", "resume = true");
        Files.write(latest, whole);
        Files.writeString(checkpoint("damaged", "round-00000006.json"), "{ \"round\"");
        refused(DataException.class, "resume=round-00000004", "damaged", "resume = true");
        refused(UsageException.class, "expected one of round-00000002, round-0", "damaged", "resume = round-00000001");
        JsonNode resumed = train("damaged", "resume = round-00000004");
        assertEquals(4, resumed.get("resumedAfterRound").asInt());
        same(resumed, "damaged");
    }

    @Test
    void checkpointsThatLostTheirMarksAreNotBegunOver() throws IOException {
        stopped("markless", 6, "checkpoint.keep = 9");
        try (Stream<Path> files = Files.list(folder.resolve("markless/checkpoints"))) {
            for (Path mark :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                Files.delete(mark);
            }
        }
        refused(
                UsageException.class,
                "has no marks round-….json, expected one beside each checkpoint",
                "markless",
                "resume = true");
        assertTrue(Files.exists(checkpoint("markless", "round-00000006.bin")));
        same(train("markless", "overwrite = true"), "markless");
    }
}
