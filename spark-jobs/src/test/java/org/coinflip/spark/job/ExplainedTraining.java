package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A training of the digits by one worker, with checkpoints, and jobs that explain steps of it. */
abstract class ExplainedTraining {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String NETWORK = "network.layers=[{type=stochastic,units=12,estimator=reinforce},"
            + "{type=stochastic,units=9,estimator{type=rloo,samples=2}},{type=output,units=10}]";
    static final int EXAMPLE = 17;

    @TempDir
    static Path folder;

    static Path one;

    @BeforeAll
    static void trainOne() {
        one = folder.resolve("one");
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                NETWORK,
                "seed=3",
                "arithmetic=portable",
                "training.epochs=3",
                "training.batch=40",
                "training.updater.type=Adam",
                "training.updater.learning-rate=0.01",
                "averaging.workers=1",
                "averaging.steps-per-round=7",
                "checkpoint.every=4",
                "checkpoint.keep=100",
                "output=" + one);
    }

    /** The job's printed lines. */
    static String run(int exit, JobCommand job, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        int code;
        try {
            code = JobCommand.run(job, arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(exit, code, text);
        return text;
    }

    static JsonNode explained(String name, String... arguments) throws IOException {
        Path output = folder.resolve(name);
        List<String> all = new ArrayList<>(List.of("output=" + output, "reference-draws=2"));
        all.addAll(List.of(arguments));
        run(0, new ExplainJob(), all.toArray(new String[0]));
        return JSON.readTree(output.resolve("explanation.json").toFile());
    }

    static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }
}
