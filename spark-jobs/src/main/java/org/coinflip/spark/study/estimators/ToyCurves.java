package org.coinflip.spark.study.estimators;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.report.StudyReport;

/**
 * Training curves of the toy of one unit, the means over replicas: the exact expected loss and the variance of the estimator against steps.
 *
 * @param subjects estimators on Bernoulli units
 * @param targets t
 * @param schedule of each training
 * @param replicas trainings with noise of their own; the same noise for every estimator
 */
record ToyCurves(List<Subject> subjects, List<Double> targets, Toy.Schedule schedule, int replicas) {
    static ToyCurves read(Section section) {
        int steps = section.integer("steps", 5000, 1, 1 << 20);
        ToyCurves toy = new ToyCurves(
                section.sections("estimators").stream().map(Subject::read).toList(),
                TestFunction.finite(section, "t", List.of(0.45, 0.499)),
                new Toy.Schedule(
                        steps,
                        section.integer("every", Math.max(1, steps / 100), 1, steps),
                        section.integer("samples", 256, 2, 1 << 16),
                        section.number("learning-rate", 0.01, Range.POSITIVE)),
                section.integer("replicas", 8, 1, 1000));
        for (Subject subject : toy.subjects) {
            if (!subject.units().isBinary()) {
                throw section.wrong("estimators", "estimators on bernoulli units");
            }
        }
        section.finish();
        return toy;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("estimators", subjects.stream().map(Subject::write).toList());
        keys.put("t", targets);
        keys.put("steps", schedule.steps());
        keys.put("every", schedule.every());
        keys.put("samples", schedule.samples());
        keys.put("learning-rate", schedule.rate());
        keys.put("replicas", replicas);
        return keys;
    }

    /** One estimator's mean curves. */
    record Curve(String estimator, double t, double[] loss, double[] variance) {}

    /** Trains, a task a training. */
    List<Curve> draw(JavaSparkContext spark, long seed) {
        List<Toy> tasks = new ArrayList<>();
        for (double t : targets) {
            for (Subject subject : subjects) {
                String estimator =
                        ConfigValueFactory.fromMap(subject.reading().write()).render(ConfigRenderOptions.concise());
                for (int replica = 0; replica < replicas; replica++) {
                    tasks.add(new Toy(estimator, t, schedule, seed + replica));
                }
            }
        }
        if (tasks.isEmpty()) {
            return List.of();
        }
        List<Toy.Trajectory> done =
                spark.parallelize(tasks, tasks.size()).map(Toy::train).collect();
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < done.size(); i += replicas) {
            List<Toy.Trajectory> some = done.subList(i, i + replicas);
            curves.add(new Curve(
                    subjects.get(i / replicas % subjects.size()).label(),
                    tasks.get(i).t(),
                    mean(some.stream().map(Toy.Trajectory::loss).toList()),
                    mean(some.stream().map(Toy.Trajectory::variance).toList())));
        }
        return curves;
    }

    private static double[] mean(List<double[]> columns) {
        double[] mean = new double[columns.get(0).length];
        for (double[] column : columns) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += column[i] / columns.size();
            }
        }
        return mean;
    }

    /** A row a look, as {@code toy.csv} has them. */
    List<Map<String, Object>> rows(List<Curve> curves) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Curve curve : curves) {
            for (int i = 0; i < curve.loss.length; i++) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("estimator", curve.estimator);
                row.put("t", curve.t);
                row.put("step", i * schedule.every());
                row.put("expected_loss", curve.loss[i]);
                row.put("variance", curve.variance[i]);
                rows.add(row);
            }
        }
        return rows;
    }

    void show(List<Curve> curves, StudyReport report) {
        List<Double> steps = IntStream.range(0, schedule.looks())
                .mapToObj(i -> (double) i * schedule.every())
                .toList();
        String drawn = "One unit, logit 0 at first, Adam " + schedule.rate() + ", one sample a step; means of "
                + replicas + " replicas with the same noise for all estimators.";
        for (double t : targets) {
            List<Curve> here = curves.stream().filter(curve -> curve.t == t).toList();
            double best = Math.min(t * t, (1 - t) * (1 - t));
            report.chart(
                    "Toy, t = " + t + ": expected loss",
                    drawn + " The least possible is " + best + ".",
                    new StudyReport.Axes("step", "p (1 − t)² + (1 − p) t²", false),
                    steps,
                    here.stream().map(c -> line(c.estimator, c.loss)).toList());
            report.chart(
                    "Toy, t = " + t + ": variance of the estimator",
                    drawn + " Variance of " + schedule.samples() + " estimates at the logit of the moment.",
                    new StudyReport.Axes("step", "variance", true),
                    steps,
                    here.stream().map(c -> line(c.estimator, c.variance)).toList());
        }
    }

    private static StudyReport.Line line(String label, double[] values) {
        return new StudyReport.Line(
                label,
                IntStream.range(0, values.length).mapToObj(i -> values[i]).toList(),
                List.of());
    }
}
