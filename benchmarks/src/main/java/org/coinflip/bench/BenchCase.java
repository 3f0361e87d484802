package org.coinflip.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.kernel.ProductTimes;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.noise.Permutation;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;

/**
 * One case: a network, trained for real for some seconds, one permutation of the examples an epoch. The rate is the median over windows
 * of about a second after a {@linkplain WarmUp warm-up}.
 */
final class BenchCase {
    private static final double WINDOW_SECONDS = 1.0;
    private static final int LAST_LOSSES = 100;

    /**
     * What a case measured, with the keys that the peer prints.
     *
     * @param kernels what it was computed with
     * @param boundPerSecond examples a second if a step were its matrix products alone; NaN where that was not asked for
     * @param roofline the least that these can take; null where that was not asked for
     */
    record Result(
            String name,
            int batch,
            int threads,
            KernelChoice kernels,
            double examplesPerSecond,
            double boundPerSecond,
            Roofline roofline,
            long steps,
            double loss) {
        double stepSeconds() {
            return batch / examplesPerSecond;
        }

        /** Part of the bound that is reached. */
        double fraction() {
            return examplesPerSecond / boundPerSecond;
        }
    }

    /**
     * How wide the case gated-wide is, and how deep the case tree.
     *
     * @param experts how many there are
     * @param active how many of them an example opens on average
     * @param gater hidden units of what opens them
     * @param depth of the tree
     */
    record Wide(int experts, int active, int gater, int depth) {
        Wide {
            if (active < 1 || active >= experts) {
                throw new UsageException("bench: got --active " + active + ", expected at least 1 and fewer than the "
                        + experts + " experts");
            }
        }

        /** A gate of logit a is open with probability √σ(a). */
        private Map<String, Object> keys() {
            double target = (double) active / experts;
            return Map.of(
                    "experts",
                    experts,
                    "gater",
                    gater,
                    "depth",
                    depth,
                    "target",
                    target,
                    "bias",
                    StrictMath.log(target * target / (1 - target * target)));
        }
    }

    private final String name;
    private final Section section;

    BenchCase(String name, Wide wide) {
        this.name = name;
        Config cases = cases(wide);
        if (!cases.hasPath(name)) {
            throw new UsageException("bench: got case " + name + ", expected one of " + String.join(", ", names())
                    + Section.suggestion(name, List.copyOf(names())));
        }
        this.section = Section.root(cases.getConfig(name));
    }

    static Set<String> names() {
        return new TreeSet<>(cases(new Wide(2000, 200, 400, 10)).root().keySet());
    }

    private static Config cases(Wide wide) {
        return ConfigFactory.parseResources(BenchCase.class, "cases.conf")
                .withFallback(ConfigFactory.parseMap(Map.of("wide", wide.keys())))
                .resolve()
                .getConfig("cases");
    }

    String name() {
        return name;
    }

    /** Its network, for examples of so many features. */
    NetworkSpec network(int inputs) {
        return NetworkSpec.read(section.section("network"), inputs);
    }

    /** How its data are transformed. */
    Config data() {
        return section.section("data").config();
    }

    Result run(Examples examples, Arithmetic arithmetic, int threads, double seconds, boolean bound) {
        TrainingSpec training = TrainingSpec.read(section.section("training"));
        Network network = new Network(network(examples.width()));
        network.check(examples.width(), examples.classes());
        KernelChoice kernels = StepProducts.choice(arithmetic, network, training);
        Learner learner = new Learner(network, training, Backend.of(kernels, threads), 1);
        network.initialise(learner.state(), 1);
        int batch = training.batch();
        int stepsPerEpoch = examples.size() / batch;
        Progress progress = new Progress(stepsPerEpoch, 1000);
        Permutation order = new Permutation(1, 0, 0, examples.size());
        int[] places = new int[batch];
        float[] losses = new float[LAST_LOSSES];
        List<Double> rates = new ArrayList<>();
        long steps = 0;
        long done = 0;
        WarmUp warmUp = new WarmUp();
        long start = System.nanoTime();
        long window = start;
        while (!warmUp.isOver() || rates.isEmpty() || System.nanoTime() - start < seconds * 1e9) {
            int at = (int) (steps % stepsPerEpoch);
            if (at == 0) {
                order = new Permutation(1, (int) (steps / stepsPerEpoch), 0, examples.size());
            }
            for (int i = 0; i < batch; i++) {
                places[i] = order.at(at * batch + i);
            }
            losses[(int) (steps % LAST_LOSSES)] = (float) learner.step(examples, places, batch, progress.at(steps));
            steps++;
            done += batch;
            long now = System.nanoTime();
            if (now - window >= WINDOW_SECONDS * 1e9) {
                if (warmUp.isOver()) {
                    rates.add(done / ((now - window) / 1e9));
                } else {
                    warmUp.end(now - window);
                    start = now;
                }
                done = 0;
                window = now;
            }
        }
        Collections.sort(rates);
        double loss = 0;
        int last = (int) Math.min(steps, LAST_LOSSES);
        for (int i = 0; i < last; i++) {
            loss += losses[i] / last;
        }
        double rate = rates.get(rates.size() / 2);
        // after the training, for then what is Java is compiled
        Map<Product, Integer> products = bound ? StepProducts.of(network, training) : Map.of();
        double boundPerSecond = bound ? batch / productSeconds(products, kernels, threads) : Double.NaN;
        Roofline roofline = bound
                ? Roofline.of(
                        products, network.layout().parameters(), kernels.blas().open(threads))
                : null;
        return new Result(name, batch, threads, kernels, rate, boundPerSecond, roofline, steps, loss);
    }

    private static double productSeconds(Map<Product, Integer> products, KernelChoice kernels, int threads) {
        return ProductTimes.measure(products, List.of(kernels.blas()), threads).seconds(kernels.blas());
    }
}
