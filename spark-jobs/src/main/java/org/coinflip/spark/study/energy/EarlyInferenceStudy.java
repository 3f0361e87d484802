package org.coinflip.spark.study.energy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.energy.EarlyInference;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;

/**
 * Pushes the outputs of random networks at their fixed points and holds what the hidden units do first against back-propagated errors, layer
 * by layer; chains of Langevin inference are Spark tasks. Fails where the law does not hold, or the chains' mean is not the
 * deterministic run.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777.
 *
 * @param shape of the networks
 * @param rhos firing rates
 * @param betas β, ascending
 * @param temperatures T; 0 for the deterministic run
 * @param times since the push, ascending
 * @param step of all integrations
 * @param chains at each temperature above 0
 */
public record EarlyInferenceStudy(
        Shape shape,
        List<FiringRate> rhos,
        List<Double> betas,
        List<Double> temperatures,
        List<Double> times,
        double step,
        int chains)
        implements Study {
    public static final String TYPE = "early-inference";

    /** Chains of a task: sums are taken task by task, in order. */
    private static final int CHAINS_A_TASK = 16;

    /**
     * Sizes of the networks.
     *
     * @param depths layers that are not clamped, of each network
     * @param inputs clamped units
     * @param hidden units of each hidden layer
     * @param outputs units that are pushed
     */
    public record Shape(List<Integer> depths, int inputs, int hidden, int outputs) implements Serializable {}

    public static EarlyInferenceStudy read(Section section) {
        List<Double> depths = section.numbers("depths", List.of(2.0, 3.0, 4.0));
        if (depths.isEmpty() || depths.stream().anyMatch(d -> d < 1 || d > 16 || d != Math.rint(d))) {
            throw section.wrong("depths", "a list of whole numbers from 1 to 16");
        }
        Shape shape = new Shape(
                depths.stream().map(Double::intValue).toList(),
                section.integer("inputs", 6, 1, 1000),
                section.integer("hidden", 8, 1, 1000),
                section.integer("outputs", 4, 1, 1000));
        double step = section.number("step", 1e-3, Range.POSITIVE);
        List<Double> times = ascending(section, "times", List.of(0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28));
        if (times.stream().anyMatch(t -> t <= 0 || Math.abs(t / step - Math.rint(t / step)) > 1e-6)) {
            throw section.wrong("times", "multiples of the step, " + step);
        }
        List<Double> betas = ascending(section, "betas", List.of(0.01, 0.1, 1.0));
        if (betas.stream().anyMatch(b -> b <= 0)) {
            throw section.wrong("betas", "numbers above 0");
        }
        List<Double> temperatures = ascending(section, "temperatures", List.of(0.0, 1e-4));
        if (temperatures.stream().anyMatch(t -> t < 0)) {
            throw section.wrong("temperatures", "numbers that are not negative");
        }
        return new EarlyInferenceStudy(
                shape,
                section.choices("rhos", FiringRate.class, List.of(FiringRate.values())),
                betas,
                temperatures,
                times,
                step,
                section.integer("chains", 64, 2, Integer.MAX_VALUE));
    }

    private static List<Double> ascending(Section section, String key, List<Double> byDefault) {
        List<Double> numbers = section.numbers(key, byDefault);
        if (numbers.isEmpty()
                || !numbers.equals(numbers.stream().sorted().distinct().toList())) {
            throw section.wrong(key, "a list of ascending numbers");
        }
        return numbers;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("depths", shape.depths);
        keys.put("inputs", shape.inputs);
        keys.put("hidden", shape.hidden);
        keys.put("outputs", shape.outputs);
        keys.put("rhos", rhos.stream().map(Section::name).toList());
        keys.put("betas", betas);
        keys.put("temperatures", temperatures);
        keys.put("times", times);
        keys.put("step", step);
        keys.put("chains", chains);
        return keys;
    }

    /** A task: some chains of a cell, or its deterministic run. */
    private record Task(Cell cell, int first, int count) implements Serializable {}

    @Override
    public StudyOutcome run(SparkSession session, RunDirectory folder, long seed) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        List<Task> tasks = tasks();
        Shape sizes = shape;
        double[] at = times.stream().mapToDouble(Double::doubleValue).toArray();
        double dt = step;
        List<Chains> results = spark.parallelize(tasks, tasks.size())
                .map(task -> displace(task, sizes, at, dt, seed))
                .collect();
        Map<Cell, Chains> byCell = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            byCell.merge(tasks.get(i).cell, results.get(i), Chains::add);
        }
        List<Row> rows = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        byCell.forEach((cell, sums) -> {
            EarlyInference inference = inference(cell, shape, seed);
            for (int t = 0; t < at.length; t++) {
                double[] mean = sums.mean(t);
                for (int layer = cell.depth(); layer >= 1; layer--) {
                    rows.add(new Row(cell, layer, at[t], inference.likeness(layer, mean, cell.beta(), at[t])));
                }
            }
            if (cell.temperature() > 0) {
                Claims.meanIsDeterministic(cell, sums, inference.langevin(cell.beta(), 0, at, step, seed, 0))
                        .ifPresent(failures::add);
            }
        });
        Claims.lawHolds(rows, betas.get(0)).ifPresent(failures::add);
        StringBuilder csv = new StringBuilder(Row.HEADING);
        rows.forEach(row -> csv.append(row.csv()));
        folder.write("early-inference.csv", csv.toString());
        return new EarlyReport(this, rows).outcome(failures.stream().findFirst());
    }

    private List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (int depth : shape.depths) {
            for (FiringRate rho : rhos) {
                for (double beta : betas) {
                    for (double temperature : temperatures) {
                        Cell cell = new Cell(depth, rho, beta, temperature);
                        int count = temperature > 0 ? chains : 1;
                        for (int first = 0; first < count; first += CHAINS_A_TASK) {
                            tasks.add(new Task(cell, first, Math.min(CHAINS_A_TASK, count - first)));
                        }
                    }
                }
            }
        }
        return tasks;
    }

    private static EarlyInference inference(Cell cell, Shape shape, long seed) {
        return cell.inference(cell.sizes(shape.inputs, shape.hidden, shape.outputs), seed);
    }

    private static Chains displace(Task task, Shape shape, double[] times, double step, long seed) {
        Cell cell = task.cell;
        EarlyInference inference = inference(cell, shape, seed);
        if (cell.temperature() == 0) {
            double[][] one = inference.displacements(cell.beta(), times, step);
            return Chains.none(times.length, one[0].length).plus(one);
        }
        Chains sums = Chains.none(times.length, inference.errors().length);
        for (int c = task.first; c < task.first + task.count; c++) {
            sums = sums.plus(inference.langevin(cell.beta(), cell.temperature(), times, step, seed, c));
        }
        return sums;
    }
}
