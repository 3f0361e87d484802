package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sha256;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.trial.TrialData;
import org.coinflip.spark.sweep.trial.TrialRequest;

/**
 * Makes a step's trials: one for each replicate, with seeds one after another. The examples are opened and broadcast once for
 * every different section {@code data}.
 */
final class Requests implements AutoCloseable {
    private static final String DATA = "data";
    private static final String SEED = "seed";
    private static final int KEY_LENGTH = 16;

    private final SweepSpec spec;
    private final int trials;
    private final long seed;
    private final KernelChoice kernels;
    private final Configuration hadoop;
    private final JavaSparkContext spark;
    private final Map<String, Broadcast<TrialData>> data = new HashMap<>();

    /** @param kernels what all trials compute with */
    Requests(SweepSpec spec, int trials, KernelChoice kernels, JavaSparkContext spark, Configuration hadoop) {
        this.kernels = kernels;
        this.spec = spec;
        this.trials = trials;
        this.spark = spark;
        this.hadoop = hadoop;
        this.seed = spec.firstSeed();
    }

    /** The trials of a step: one, or as many as the configuration has replicates. */
    List<TrialRequest> of(Step step, Planner planner) {
        boolean all = step.replicate() == Step.ALL;
        int first = all ? 0 : step.replicate();
        int end = all ? replicates(step.configuration()) : first + 1;
        List<TrialRequest> requests = new ArrayList<>();
        for (int r = first; r < end; r++) {
            requests.add(of(step, r, planner, step.rung() < planner.rungs().length - 1));
        }
        return requests;
    }

    /** A trial that is done, once more, to the same bits, so that it leaves its state. */
    TrialRequest again(TrialRow row, Planner planner) {
        Step step = planner.step(row.configuration(), row.last().rung()).step();
        return of(step, row.replicate(), planner, true);
    }

    private TrialRequest of(Step step, int replicate, Planner planner, boolean keeps) {
        Map<String, Object> settings =
                planner.configuration(step.configuration()).settings();
        Broadcast<TrialData> examples = spec.program().program().needsData() ? examples(settings) : null;
        int[] rungs = planner.rungs();
        int from = step.begins() ? 0 : rungs[step.from()];
        int to = step.rung() == rungs.length - 1 ? 0 : rungs[step.rung()];
        String text = Json.line(settings(settings, replicate));
        List<TrialRequest.Part> before = planner.copies() ? before(step, replicate, planner) : List.of();
        return new TrialRequest(
                step.configuration() * spec.replicates() + replicate,
                step.rung(),
                key(text + from + " " + to + (before.isEmpty() ? "" : before)),
                text,
                from,
                to,
                step.begins() ? -1 : step.parent() * spec.replicates() + replicate,
                before,
                keeps,
                examples);
    }

    private List<TrialRequest.Part> before(Step step, int replicate, Planner planner) {
        List<TrialRequest.Part> parts = new ArrayList<>();
        for (Planner.Taken taken : planner.before(step)) {
            String text = Json.line(settings(taken.configuration().settings(), replicate));
            parts.add(new TrialRequest.Part(text, planner.rungs()[taken.step().rung()]));
        }
        return parts;
    }

    /** What a replicate sets in the experiment. */
    Map<String, Object> settings(Map<String, Object> settings, int replicate) {
        Map<String, Object> set = new TreeMap<>(settings);
        if (spec.replicates() > 1) {
            set.put(SEED, seed(settings, replicate));
        }
        return set;
    }

    /** Replicates of a configuration: the last one may have fewer. */
    private int replicates(int configuration) {
        return spec.replicates(configuration, trials);
    }

    /** The seed of a replicate. */
    long seed(Map<String, Object> settings, int replicate) {
        return (settings.get(SEED) instanceof Number set ? set.longValue() : seed) + replicate;
    }

    private static String key(String given) {
        return Sha256.hex(given.getBytes(StandardCharsets.UTF_8)).substring(0, KEY_LENGTH);
    }

    private Broadcast<TrialData> examples(Map<String, Object> settings) {
        Map<String, Object> ofData = new TreeMap<>(settings);
        ofData.keySet().removeIf(path -> !path.equals(DATA) && !path.startsWith(DATA + "."));
        Config whole = Overlay.apply(spec.base(), ofData);
        String text = whole.hasPath(DATA) ? whole.getConfig(DATA).root().render(ConfigRenderOptions.concise()) : "";
        return data.computeIfAbsent(text, t -> {
            DataSpec dataSpec = DataSpec.read(Section.root(whole).section(DATA));
            return spark.broadcast(new TrialData(Dataset.open(dataSpec, hadoop), kernels));
        });
    }

    @Override
    public void close() {
        data.values().forEach(Broadcast::destroy);
    }
}
