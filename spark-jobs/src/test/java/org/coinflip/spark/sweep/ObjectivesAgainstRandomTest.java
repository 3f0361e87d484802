package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.sampler.Measured;
import org.coinflip.spark.sweep.sampler.Samplers;
import org.coinflip.spark.sweep.scheduler.Schedulers;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.space.Space;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The area that 200 trials of ZDT1 dominate, up to (1, 6), by samplers that weigh objectives and at random, 20 seeds, results 16 steps late; Wilcoxon's signed-rank test on the 20 differences,
 * one-sided, p at most 0.01. Everything is fixed by the seeds: it cannot fail by chance.
 */
class ObjectivesAgainstRandomTest {
    private static final String SPACE = "function { x1 { uniform = [0, 1] }, x2 { uniform = [0, 1] },"
            + " x3 { uniform = [0, 1] }, x4 { uniform = [0, 1] }, x5 { uniform = [0, 1] } }";

    @ParameterizedTest
    @ValueSource(strings = {"nsga2", "tpe"})
    void dominatesMoreThanRandomSearch(String sampler) throws Exception {
        double[] learned = new double[20];
        double[] random = new double[20];
        for (int seed = 0; seed < learned.length; seed++) {
            learned[seed] = area("type = " + sampler, seed);
            random[seed] = area("type = random", seed);
        }
        double p = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(learned, random, true) / 2;
        double mean = java.util.Arrays.stream(learned).average().orElseThrow();
        double other = java.util.Arrays.stream(random).average().orElseThrow();
        String seen = String.format(Locale.ROOT, "areas %.3f and %.3f, p = %.2g", mean, other, p);
        assertTrue(mean > other && p <= 0.01, seen);
    }

    private static double area(String settings, int seed) throws Exception {
        Space space = Space.read(ConfigFactory.parseString(SPACE).root(), List.of());
        Planner planner = new Planner(
                Samplers.read(Section.root(ConfigFactory.parseString(settings)), space, null, Map.of(), seed),
                Schedulers.read(Section.root(ConfigFactory.empty()), 1, 1),
                200,
                16,
                Double.POSITIVE_INFINITY);
        Config base = ConfigFactory.parseString("function.name = zdt1");
        List<double[]> points = new ArrayList<>();
        for (Optional<Step> step = planner.next(); step.isPresent(); step = planner.next()) {
            int number = step.get().configuration();
            Config config = Overlay.apply(base, planner.configuration(number).settings());
            TrialRequest request = new TrialRequest(number, 0, "", "", 0, 0, -1, List.of(), false, null);
            Map<String, Double> metrics =
                    Programs.FUNCTION.program().run(config, request, null).metrics();
            double[] values = {metrics.get("value"), metrics.get("second")};
            planner.result(number, new Measured(values, 0));
            points.add(values);
        }
        points.sort(Comparator.comparingDouble(point -> point[0]));
        double area = 0;
        double least = 6;
        double from = 0;
        for (double[] point : points) {
            area += (6 - least) * (point[0] - from);
            from = point[0];
            least = Math.min(least, point[1]);
        }
        return area + (6 - least) * (1 - from);
    }
}
