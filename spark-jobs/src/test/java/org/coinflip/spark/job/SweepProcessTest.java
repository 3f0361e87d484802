package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps in processes that are lost. Left out with {@code -DexcludedGroups=cluster}. */
@Tag("cluster")
class SweepProcessTest {
    private static final String SWEEP =
            """
            arithmetic = portable
            data.source = digits
            network.layers = [ { type = stochastic, units = 16, law = bernoulli }, { type = output, units = 10 } ]
            training { epochs = 6, batch = 64, updater { type = Adam, learning-rate = 0.01 } }
            averaging { workers = 2, steps-per-round = 10 }
            validation { draws = 2, examples = 16 }
            sweep { window = 4, space {
              training.updater.learning-rate { log-uniform = [1e-4, 0.1] }
              network.layers.0.estimator = [straight-through, reinforce, rloo]
            } }
            """;

    private static final String ASHA =
            "sweep { sampler { type = tpe, start = 4 }, trials = 30, scheduler { type = asha, factor = 2 } }";

    /** Kills of each drill; {@code -Dsweep.kills=10} for longer ones. */
    private static final int KILLS = Integer.getInteger("sweep.kills", 1);

    @TempDir
    private Path folder;

    @Test
    void theSameTableFromOneSlotAndTwoExecutors() throws Exception {
        Path conf = Files.writeString(folder.resolve("sweep.conf"), SWEEP + ASHA);
        assertEquals(0, JobCommand.run(new SweepJob(), arguments(conf, "one", "--master=local[1]")));
        JobProcess cluster =
                JobProcess.run(folder, "local-cluster[2,1,1024]", SweepJob.class, arguments(conf, "cluster"));
        // where the best of the tried ones lies is the digits' to say, and not that of the cluster
        assertEquals(
                List.of(),
                cluster.errors().stream()
                        .filter(line -> !line.startsWith("warning: the best is at the border"))
                        .toList());
        assertEquals(0, cluster.exit());
        assertEquals(summary("one").get("tableSha256"), summary("cluster").get("tableSha256"));
    }

    @Test
    void anExecutorThatIsLostIsARowAndItsNeighboursAreTriedAgain() throws Exception {
        Path conf = Files.writeString(
                folder.resolve("lost.conf"),
                "sweep { trial = drill, sampler = grid, space { drill.fault = [none, ends-its-process], drill.value = [1, 2, 3] } }");
        JobProcess cluster = JobProcess.run(folder, "local-cluster[2,1,1024]", SweepJob.class, arguments(conf, "lost"));
        assertEquals(0, cluster.exit(), cluster.errors().toString());
        JsonNode summary = summary("lost");
        assertEquals(6, summary.get("trials").asInt());
        assertEquals(3, summary.get("statuses").get("lost-executor").asInt(), summary.toString());
        assertEquals(3, summary.get("statuses").get("done").asInt(), summary.toString());
        assertTrue(Files.readString(folder.resolve("lost/table.csv")).contains("ended, 2 times"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ASHA,
                "sweep { sampler { type = tpe, start = 4 }, trials = 30, scheduler { type = hyperband, factor = 2 } }",
                "sweep { sampler = random, trials = 84, replicates = 6, scheduler = race }",
                "sweep { sampler = sobol, trials = 8, scheduler { type = population, part = 0.25 } }",
                "sweep { sampler = random, trials = 16, scheduler { type = median-stopping, every = 2, start = 3 } }",
                "sweep { sampler { type = nsga2, population = 8 }, trials = 80, objectives = [valid.error, valid.loss] }",
                "sweep { sampler { type = tpe, start = 4 }, trials = 110, objectives = [valid.error, valid.loss] }"
            })
    void aDriverKilledAtAnyMomentGoesOnToTheSameTable(String sweep) throws Exception {
        Path conf = Files.writeString(folder.resolve("sweep.conf"), SWEEP + sweep);
        assertEquals(0, JobCommand.run(new SweepJob(), arguments(conf, "whole", "--master=local[2]")));
        Random random = new Random(7);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process process = JobProcess.start(folder, "local[2]", SweepJob.class, arguments(conf, "killed"));
            // at a moment after some further records: while trials run, while files are written, while they end
            int before = records("killed").size();
            int more = 1 + random.nextInt(4);
            long pause = random.nextInt(400);
            while (process.isAlive() && records("killed").size() < before + more) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
            process.waitFor(pause, TimeUnit.MILLISECONDS);
            killed += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
        }
        assertEquals(KILLS, killed);
        assertFalse(Files.exists(folder.resolve("killed/summary.json")));
        assertEquals(0, JobCommand.run(new SweepJob(), arguments(conf, "killed", "--master=local[2]")));
        assertEquals(summary("whole").get("tableSha256"), summary("killed").get("tableSha256"));
        List<String> records = records("killed");
        Set<String> different = new HashSet<>(records);
        assertEquals(records.size(), different.size(), "trials that ran twice to completion");
        assertEquals(new HashSet<>(records("whole")), different);
    }

    /** Trial and rung of every record of a journal. */
    private List<String> records(String name) throws IOException {
        List<String> records = new ArrayList<>();
        Path journal = folder.resolve(name).resolve("journal");
        if (Files.exists(journal)) {
            try (Stream<Path> files = Files.list(journal)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                    for (String line : Files.readAllLines(file)) {
                        JsonNode json = new ObjectMapper().readTree(line);
                        if (json.has("trial")) {
                            records.add(json.get("trial") + "/" + json.get("rung"));
                        }
                    }
                }
            }
        }
        return records;
    }

    private String[] arguments(Path conf, String name, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--conf=" + conf, "output=" + folder.resolve(name)));
        return all.toArray(new String[0]);
    }

    private JsonNode summary(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }
}
