package org.coinflip.spark.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.averaging.Torus;
import org.coinflip.spark.averaging.WaitingWorker;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.round.RoundTimes;
import org.coinflip.spark.shard.Shards;

/**
 * What it costs m executors to average a state of P bytes, in seconds, fitted to rounds of {@link WaitingWorker}s on 1, 2, 4, … executors of
 * the cluster at hand, with a state of that size and with one of a few bytes:
 *
 * <pre>  T(m, P) = wire (m − 1) / m + L latency + 2 Σ (f − 1) message,   T(1, P) = 0</pre>
 *
 * f₁ … f_L being the sides of the {@link Torus} of m executors. An executor sends and receives 2 P (m − 1) / m bytes in a round, in 2 Σ (f − 1)
 * messages each way ({@code TorusAllReduce}).
 *
 * @param seen what was measured
 * @param wire all of a state's bytes out of an executor and into it, twice, and merging what came
 * @param latency of the two exchanges along a side, however few bytes and executors there are
 * @param message what one message more costs; 0 where fewer than three executors were there to tell it from the latency
 */
public record TransportCosts(List<Seen> seen, double wire, double latency, double message) {
    /**
     * Medians over rounds, in seconds, waits left out.
     *
     * @param state of a round with the state
     * @param empty of a round with a few bytes
     */
    public record Seen(int executors, double state, double empty) {}

    /** Numbers of a state that nobody waits for: each slice has some. */
    private static final int FEW = 1 << 10;

    /**
     * Measures, on 1, 2, 4, … executors up to all, a worker on each.
     *
     * @param executors how many there are
     * @param numbers of a state
     * @param waitMillis what steps of a round would take
     * @param rounds that count
     * @param warmUp rounds before
     */
    public static TransportCosts measure(
            JavaSparkContext spark,
            KernelChoice kernels,
            int executors,
            int numbers,
            int waitMillis,
            int rounds,
            int warmUp) {
        WaitingWorker worker = new WaitingWorker(1_000_000L * waitMillis, kernels);
        IntStream fewer = IntStream.iterate(1, m -> m < executors, m -> 2 * m);
        return fit(IntStream.concat(fewer, IntStream.of(executors))
                .mapToObj(m -> new Seen(
                        m,
                        roundsEnd(spark, worker, m, numbers, rounds, warmUp),
                        roundsEnd(spark, worker, m, Math.min(FEW, numbers), rounds, warmUp)))
                .toList());
    }

    private static double roundsEnd(
            JavaSparkContext spark, WaitingWorker worker, int executors, int numbers, int rounds, int warmUp) {
        Segment all = new Segment("numbers", Segment.Role.BIASES, 0, 1, numbers, numbers, 1);
        State state = new State(new Layout(List.of(all), 1));
        List<RoundTimes> times = new ArrayList<>();
        try (AveragingTrainer trainer = new AveragingTrainer(
                spark,
                Shards.withoutExamples(spark, executors, executors),
                worker,
                OuterSpec.NONE,
                numbers,
                state,
                null)) {
            trainer.run(0, warmUp, round -> {});
            trainer.run(warmUp, warmUp + rounds, round -> times.add(round.times()));
        }
        return RoundCosts.median(times, each -> each.wallNanos() - each.computeNanos());
    }

    /** Least squares. */
    static TransportCosts fit(List<Seen> seen) {
        double alone = seen.get(0).state();
        List<Seen> among = seen.stream().filter(each -> each.executors() > 1).toList();
        if (among.isEmpty()) {
            return new TransportCosts(seen, 0, 0, 0);
        }
        // of a side: the few bytes cost latency + x message, x being messages a side
        double messages = mean(among, TransportCosts::messages);
        double empty = mean(among, TransportCosts::empty);
        double spread = mean(among, each -> square(messages(each) - messages));
        double slope = mean(among, each -> (messages(each) - messages) * empty(each));
        double message = spread == 0 ? 0 : Math.max(0, slope / spread);
        double wire = mean(among, each -> part(each.executors()) * (each.state() - alone - each.empty()))
                / mean(among, each -> square(part(each.executors())));
        return new TransportCosts(seen, Math.max(0, wire), Math.max(0, empty - message * messages), message);
    }

    private static double mean(List<Seen> all, ToDoubleFunction<Seen> value) {
        return all.stream().mapToDouble(value).average().orElseThrow();
    }

    private static double messages(Seen seen) {
        Torus torus = Torus.of(seen.executors());
        return 2.0 * torus.messages() / torus.dimensions();
    }

    private static double empty(Seen seen) {
        return seen.empty() / Torus.of(seen.executors()).dimensions();
    }

    private static double part(int executors) {
        return (executors - 1.0) / executors;
    }

    private static double square(double x) {
        return x * x;
    }

    /** T(m, P). */
    public double of(int executors) {
        Torus torus = Torus.of(executors);
        return wire * part(executors) + torus.dimensions() * latency + 2 * torus.messages() * message;
    }
}
