package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings side by side: two settings with two seeds each, one that is under way, and what is none. */
class CompareJobTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws IOException {
        for (String seed : List.of("1", "2")) {
            for (String rate : List.of("0.1", "0.2")) {
                assertEquals(0, JobCommand.run(new TrainJob(), new String[] {
                    "--master=local[1]",
                    "network.layers=[{type=stochastic,units=8,estimator=reinforce},{type=output,units=10}]",
                    "training.epochs=2",
                    "seed=" + seed,
                    "training.updater.learning-rate=" + rate,
                    "output=" + run(rate, seed)
                }));
            }
        }
        Path underWay = Files.createDirectories(folder.resolve("more/under-way"));
        String lines = Files.readString(run("0.1", "1").resolve("metrics.jsonl"));
        Files.writeString(underWay.resolve("metrics.jsonl"), lines + "{\"round\":99,\"epo");
    }

    private static Path run(String rate, String seed) {
        return folder.resolve("rate-" + rate + "/seed-" + seed);
    }

    @Test
    void showsWhatTheyCameToAndInWhatTheyDiffer() throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String rate : List.of("0.1", "0.2")) {
            for (String seed : List.of("1", "2")) {
                arguments.add(run(rate, seed).toString());
            }
        }
        arguments.add(folder.resolve("more/under-way").toString());
        arguments.add("output=" + folder.resolve("page"));
        assertEquals(0, JobCommand.run(new CompareJob(), arguments.toArray(new String[0])));
        JsonNode summary =
                new ObjectMapper().readTree(folder.resolve("page/summary.json").toFile());
        List<String> differ = new ArrayList<>();
        summary.get("settingsThatDiffer").forEach(key -> differ.add(key.asText()));
        assertEquals(List.of("seed", "training.updater.learning-rate"), differ);
        assertEquals(2, summary.get("groups").size());
        double best = Double.POSITIVE_INFINITY;
        for (String rate : List.of("0.1", "0.2")) {
            double mean = (validError(rate, "1") + validError(rate, "2")) / 2;
            best = Math.min(best, mean);
        }
        assertEquals(best, summary.at("/groups/0/valid/mean").asDouble(), 1e-12);
        assertEquals(2, summary.at("/groups/0/valid/values").asInt());
        String page = Files.readString(folder.resolve("page/report.html"));
        for (String name : List.of("rate-0.1/seed-1", "rate-0.2/seed-2", "more/under-way", "running or stopped")) {
            assertTrue(page.contains(name), name);
        }
        assertTrue(page.contains("Validation error in time"));
    }

    private static double validError(String rate, String seed) throws IOException {
        return new ObjectMapper()
                .readTree(run(rate, seed).resolve("summary.json").toFile())
                .at("/valid/error")
                .asDouble();
    }

    @Test
    void refusesWhatIsNoTraining() throws IOException {
        String good = run("0.1", "1").toString();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        refused(2, "expected the folders of two trainings or more", good);
        refused(2, "which has neither summary.json nor metrics.jsonl", good, empty.toString());
        refused(2, "output", good, run("0.2", "1").toString(), "output=" + good);
        Path prepared = folder.resolve("prepared");
        assertEquals(0, JobCommand.run(new PrepareJob(), new String[] {
            "data.source=digits", "output=" + prepared, "--master=local[1]"
        }));
        refused(2, "expected", good, prepared.toString());
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        String summary = Files.readString(run("0.1", "1").resolve("summary.json"));
        Files.writeString(
                damaged.resolve("summary.json"), summary.replaceFirst("\"errors\" *: *\\d", "\"errors\" : 9"));
        refused(3, "summary.json is damaged", good, damaged.toString());
    }

    private static void refused(int exit, String line, String... arguments) {
        List<String> all = new ArrayList<>(List.of("output=" + folder.resolve("refused")));
        all.addAll(List.of(arguments));
        Outcome refused = Outcome.of(new CompareJob(), all.toArray(new String[0]));
        String text = refused.err();
        assertEquals(exit, refused.exit(), text);
        assertTrue(text.contains(line), text);
        assertEquals(1, text.strip().lines().count(), text);
        assertTrue(Files.notExists(folder.resolve("refused")));
    }
}
