package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.sampler.Samplers;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.scheduler.Schedulers;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.space.Space;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The best of 80 trials by samplers that learn against the best of 80 at random, on standard functions, 20 seeds each; Wilcoxon's signed-rank test on the 20
 * differences, one-sided, p at most 0.01 on each function. TPE's defaults were chosen on other seeds (0 to 19), those of CMA-ES are its authors'. Everything is fixed
 * by the seeds: it cannot fail by chance.
 */
class LearnersAgainstRandomTest {
    private static final int SEEDS = 20;
    private static final int FIRST_SEED = 100;
    private static final int TRIALS = 80;
    private static final double MOST_P = 0.01;

    private static final Map<String, String> SPACES = Map.of(
            "branin",
            "function { x1 { uniform = [-5, 10] }, x2 { uniform = [0, 15] } }",
            "hartmann6",
            "function { x1 { uniform = [0, 1] }, x2 { uniform = [0, 1] }, x3 { uniform = [0, 1] },"
                    + " x4 { uniform = [0, 1] }, x5 { uniform = [0, 1] }, x6 { uniform = [0, 1] } }",
            "mixed",
            "function { rate { log-uniform = [1e-5, 1] }, depth { int = [1, 5] }, branch { choice = ["
                    + " { type = smooth, width { uniform = [0, 1] } },"
                    + " { type = sharp, temperature { log-uniform = [0.05, 5] } } ] } }");

    @ParameterizedTest
    @CsvSource({"tpe, branin", "tpe, hartmann6", "tpe, mixed", "cma-es, branin", "cma-es, hartmann6"})
    void isBetterThanRandomSearch(String sampler, String function) throws Exception {
        double[] learned = new double[SEEDS];
        double[] random = new double[SEEDS];
        int wins = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            learned[seed] = best(function, "type = " + sampler, FIRST_SEED + seed);
            random[seed] = best(function, "type = random", FIRST_SEED + seed);
            wins += learned[seed] < random[seed] ? 1 : 0;
        }
        double p = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(learned, random, true) / 2;
        String seen = String.format(
                "%s: " + sampler + " better for %d of %d seeds, means %.4f and %.4f, p = %.2g",
                function,
                wins,
                SEEDS,
                mean(learned),
                mean(random),
                p);
        assertTrue(wins > SEEDS / 2 && p <= MOST_P, seen);
    }

    private static double best(String function, String settings, int seed) throws Exception {
        Space space = Space.read(ConfigFactory.parseString(SPACES.get(function)).root(), List.of());
        Sampler sampler = Samplers.read(Section.root(ConfigFactory.parseString(settings)), space, null, Map.of(), seed);
        Scheduler scheduler = Schedulers.read(Section.root(ConfigFactory.empty()), 1, 1);
        Planner planner = new Planner(sampler, scheduler, TRIALS, 1, Double.POSITIVE_INFINITY);
        Config base = ConfigFactory.parseString("function.name = " + function);
        double best = Double.POSITIVE_INFINITY;
        for (Optional<Step> step = planner.next(); step.isPresent(); step = planner.next()) {
            int number = step.get().configuration();
            Config config = Overlay.apply(base, planner.configuration(number).settings());
            TrialRequest request = new TrialRequest(number, 0, "", "", 0, 0, -1, List.of(), false, null);
            double value = Programs.FUNCTION
                    .program()
                    .run(config, request, null)
                    .metrics()
                    .get("value");
            planner.result(number, value);
            best = Math.min(best, value);
        }
        return best;
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }
}
