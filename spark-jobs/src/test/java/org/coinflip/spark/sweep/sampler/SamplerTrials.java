package org.coinflip.spark.sweep.sampler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Space;

/** Samplers on cases whose value is known at once, one trial after another; {@code benchmarks/sampler_ranks.py} reads the lines. */
final class SamplerTrials {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] SAMPLERS =
            System.getProperty("coinflip.samplers", "tpe,random").split(",");
    private static final int SEEDS = Integer.getInteger("coinflip.seeds", 20);
    private static final int FIRST_SEED = Integer.getInteger("coinflip.first-seed", 0);
    private static final int TRIALS = Integer.getInteger("coinflip.trials", 100);

    /** Runs of a case. */
    static final int RUNS = SAMPLERS.length * SEEDS;

    private SamplerTrials() {}

    static PrintStream out() throws IOException {
        Path file = Path.of(System.getProperty("coinflip.trials-file", "target/sampler-trials.jsonl"));
        return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    }

    /**
     * Runs each sampler with each seed, and writes a line a run.
     *
     * @param space its section
     * @param goodness of settings; more is better
     * @return of each run the best so far after every trial
     */
    static List<double[]> write(
            PrintStream out, String name, String space, ToDoubleFunction<Map<String, Object>> goodness)
            throws IOException {
        List<double[]> all = new ArrayList<>();
        for (String sampler : SAMPLERS) {
            for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
                double[] best = best(space, sampler, seed, goodness);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("case", name);
                line.put("sampler", "coinflip " + sampler);
                line.put("seed", seed);
                line.put("best", best);
                out.println(JSON.writeValueAsString(line));
                all.add(best);
            }
        }
        return all;
    }

    private static double[] best(String text, String name, long seed, ToDoubleFunction<Map<String, Object>> goodness) {
        Config file = ConfigFactory.parseString(text + "\nsampler = " + name);
        Space space = Space.read(file.getObject("space"), List.of());
        Sampler sampler = Samplers.read(
                Section.root(file.withoutPath("space")).typed("sampler", null), space, null, Map.of(), seed);
        double[] best = new double[TRIALS];
        double most = Double.NEGATIVE_INFINITY;
        for (int trial = 0; trial < TRIALS; trial++) {
            Configuration configuration = sampler.configuration(trial);
            double good = goodness.applyAsDouble(configuration.settings());
            sampler.observe(configuration, Measured.of(-good), 0);
            most = Math.max(most, good);
            best[trial] = most;
        }
        return best;
    }
}
