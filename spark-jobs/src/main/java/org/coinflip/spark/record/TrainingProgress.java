package org.coinflip.spark.record;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.spark.output.ProgressLine;
import org.coinflip.spark.tracking.TrainingTracking;

/**
 * How far a training is: a line for people ({@link ProgressLine}), gauges for Spark's metrics ({@link TrainingGauges}), a description of every
 * job of Spark's, and a report that is there from the first look on.
 */
public final class TrainingProgress implements AutoCloseable {
    private static final double NANOS = 1e9;

    private final JavaSparkContext spark;
    private final int rounds;
    private final TrainingTracking tracking;
    private final ProgressLine line;
    private final TrainingGauges gauges = new TrainingGauges();
    private final long began = System.nanoTime();
    private int first = -1;
    private String valid = "";

    /**
     * Of a training that has not begun.
     *
     * @param rounds of the whole training
     * @param tracking is told of looks and of the end, and closed with this
     */
    public TrainingProgress(JavaSparkContext spark, int rounds, TrainingTracking tracking) {
        this.spark = spark;
        this.rounds = rounds;
        this.tracking = tracking;
        this.line = ProgressLine.of(spark.getConf());
        SparkEnv.get().metricsSystem().registerSource(gauges);
    }

    /** Says what begins, and where to look at it. */
    public void begin(String what, String report) {
        String ui = spark.sc().uiWebUrl().isDefined()
                ? ", Spark's interface " + spark.sc().uiWebUrl().get()
                : "";
        line.begin(what + "; report " + report + ui);
    }

    /** Names the job of Spark's that runs these rounds. */
    public void rounds(int from, int end) {
        spark.setJobDescription("rounds " + (from + 1) + " to " + end + " of " + rounds);
    }

    /** Names the jobs that look at a split. */
    public void look(String split, int round) {
        spark.setJobDescription("look at the " + split + " split after round " + round + " of " + rounds);
    }

    /** Takes the line of a round that is done. */
    public void show(Map<String, Object> round) {
        boolean look = round.get("valid") instanceof Map<?, ?>;
        if (round.get("valid") instanceof Map<?, ?> score) {
            valid = ", valid " + (score.containsKey("meanReturn") ? PolicySummary.text(score) : Summary.text(score));
        }
        gauges.take(round);
        tracking.line(round);
        int number = (Integer) round.get("round");
        if (first < 0) {
            first = number - 1;
        }
        line.show(look, () -> text(round, number));
    }

    private String text(Map<String, Object> round, int number) {
        double seconds = (System.nanoTime() - began) / NANOS;
        return String.format(
                Locale.ROOT,
                "round %d of %d, epoch %.1f, %s%s, %,.0f examples/s, %s left",
                number,
                rounds,
                (Double) round.get("epoch"),
                round.containsKey("meanReturn")
                        ? String.format(Locale.ROOT, "return %.2f", (Double) round.get("meanReturn"))
                        : String.format(Locale.ROOT, "loss %.4f", (Double) round.get("trainLoss")),
                valid,
                (Double) round.get("examplesPerSecond"),
                duration(seconds / Math.max(1, number - first) * (rounds - number)));
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /**
     * Writes the report of a training that is under way.
     *
     * @param known what is known of its summary
     * @param lines of all rounds
     * @param page the report of a summary and rounds
     */
    public static String report(
            Map<String, Object> known,
            List<Map<String, Object>> lines,
            BiFunction<Map<String, Object>, List<Map<String, Object>>, String> page) {
        // its page asks for itself again every ten seconds
        return page.apply(known, lines).replaceFirst("<head>", "<head>\n<meta http-equiv=\"refresh\" content=\"10\">");
    }

    /** Takes the summary of the training. */
    public void end(Map<String, Object> summary) {
        tracking.ended(summary);
    }

    @Override
    public void close() {
        tracking.close();
        SparkEnv env = SparkEnv.get();
        if (env != null) {
            env.metricsSystem().removeSource(gauges);
        }
        spark.setJobDescription(null);
        line.close();
    }
}
