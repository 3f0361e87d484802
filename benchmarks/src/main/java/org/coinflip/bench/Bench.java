package org.coinflip.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.settings.Section;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench.sh CASE}: trains a case for some seconds and prints its rate and the loss it reached. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Trains CASE for some seconds and prints examples per second and the loss reached.",
        footer = {
            "",
            "Cases: mlp, small (ReLU, momentum); st, reinforce, sts, noisyrect (stochastic units); vae-disarm; transformed; eqprop; conv, conv-st; gru;",
            "blocks (32 gated experts of 64 units), gated (2,000 gated experts), gated-wide (--experts and --active of them, under a gater of --gater units),",
            "tree (experts at the leaves of a tree of --depth decisions); all."
        })
public final class Bench implements Callable<Integer> {
    @Parameters(paramLabel = "CASE", description = "one case, or all")
    private String name;

    @Option(names = "--threads", description = "native threads of a matrix product (default ${DEFAULT-VALUE})")
    private int threads = 1;

    @Option(
            names = "--seconds",
            description =
                    "seconds to train after the warm-up, which lasts until the compilers rest (default ${DEFAULT-VALUE})")
    private double seconds = 6;

    @Option(names = "--data", description = "folder with the four MNIST files (default ${DEFAULT-VALUE})")
    private String data = "../shared/data/mnist";

    @Option(names = "--experts", description = "experts of gated-wide (default ${DEFAULT-VALUE})")
    private int experts = 2000;

    @Option(
            names = "--active",
            description = "experts of gated-wide that an example opens on average (default ${DEFAULT-VALUE})")
    private int active = 200;

    @Option(names = "--gater", description = "hidden units of gated-wide's gater (default ${DEFAULT-VALUE})")
    private int gater = 400;

    @Option(names = "--depth", description = "depth of tree, which has 2^depth experts (default ${DEFAULT-VALUE})")
    private int depth = 10;

    @Option(
            names = "--latency",
            description =
                    "times predictions of one example at a time instead: the scorer's, and the library's for comparison")
    private boolean latency;

    @Option(names = "--arithmetic", description = "portable or fast (default ${DEFAULT-VALUE})")
    private String arithmetic = "fast";

    @Option(
            names = "--bound",
            description =
                    "times the case's matrix products alone too, and prints what part of their rate the steps reach, and the least that the machine's"
                            + " rates of multiply-adds and of bytes allow (roofline)")
    private boolean bound;

    @Option(names = "--json", description = "one JSON object a line, with the peer's keys")
    private boolean json;

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof CoinflipException known) {
                        System.err.println(e.getMessage());
                        return known.exitCode();
                    }
                    throw e;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Arithmetic chosen = Section.root(ConfigFactory.parseMap(Map.of("--arithmetic", arithmetic)))
                .choice("--arithmetic", Arithmetic.FAST);
        BenchCase.Wide wide = new BenchCase.Wide(experts, active, gater, depth);
        List<BenchCase> cases = (name.equals("all") ? List.copyOf(BenchCase.names()) : List.of(name))
                .stream().map(one -> new BenchCase(one, wide)).toList();
        for (BenchCase one : cases) {
            Section section = Section.root(ConfigFactory.parseMap(Map.of("source", "mnist", "path", data))
                    .withFallback(one.data()));
            Dataset mnist = Dataset.open(DataSpec.read(section), new Configuration());
            Examples examples = Examples.concatenate(List.of(mnist.examples(Split.TRAIN), mnist.examples(Split.VALID)));
            if (latency) {
                for (Latency.Result result : new Latency(one.network(examples.width())).measure(examples, seconds)) {
                    print(one.name(), result);
                }
                continue;
            }
            try (FlushToZero flushing = chosen.begin()) {
                print(one.run(examples, chosen, threads, seconds, bound));
            }
        }
        return 0;
    }

    private void print(String of, Latency.Result result) throws Exception {
        if (json) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("case", of);
            keys.put("predicts", result.what());
            keys.put("microseconds_median", Math.round(result.median() * 10) / 10.0);
            keys.put("microseconds_p99", Math.round(result.late() * 10) / 10.0);
            keys.put("bytes_allocated", Math.round(result.bytes()));
            System.out.println(new ObjectMapper().writeValueAsString(keys));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %-36s median %8.1f µs, 99 %% within %8.1f µs, %.0f bytes allocated%n",
                    of,
                    result.what(),
                    result.median(),
                    result.late(),
                    result.bytes());
        }
    }

    private void print(BenchCase.Result result) throws Exception {
        if (json) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("case", result.name());
            keys.put("batch", result.batch());
            keys.put("threads", result.threads());
            keys.put("examples_per_second", Math.round(result.examplesPerSecond() * 10) / 10.0);
            keys.put("steps", result.steps());
            keys.put("loss", Math.round(result.loss() * 1e5) / 1e5);
            keys.put("blas", result.kernels().blas().title());
            keys.put("blas_rates", result.kernels().rates());
            if (bound) {
                keys.put("bound_examples_per_second", Math.round(result.boundPerSecond() * 10) / 10.0);
                keys.put("bound_fraction", Math.round(result.fraction() * 1e3) / 1e3);
                keys.put("multiply_adds", result.roofline().multiplyAdds());
                keys.put("bytes", result.roofline().bytes());
                keys.put("multiply_adds_per_second", result.roofline().multiplyAddsPerSecond());
                keys.put("bytes_per_second", result.roofline().bytesPerSecond());
                keys.put("roofline_step_millis", 1e3 * result.roofline().seconds());
                keys.put("step_millis", 1e3 * result.stepSeconds());
            }
            System.out.println(new ObjectMapper().writeValueAsString(keys));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "coinflip %-12s batch %4d threads %d  %10.0f examples/s%s  loss %.4f after %d steps, %s%n",
                    result.name(),
                    result.batch(),
                    result.threads(),
                    result.examplesPerSecond(),
                    bound
                            ? String.format(
                                    Locale.ROOT,
                                    " of %.0f for its products alone (%.0f %%)",
                                    result.boundPerSecond(),
                                    100 * result.fraction())
                            : "",
                    result.loss(),
                    result.steps(),
                    result.kernels().rates().isEmpty()
                            ? result.kernels().blas().title()
                            : result.kernels().blas().title() + " of "
                                    + result.kernels().rates());
            if (bound) {
                System.out.printf(
                        Locale.ROOT,
                        "roofline %-12s %s%n",
                        result.name(),
                        result.roofline().text(result.stepSeconds()));
            }
        }
    }
}
