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
        this.seed = Section.root(spec.base()).wholeNumber(SEED, 1);
    }

    /** The trials of a step, at most as many as the sweep still has. */
    List<TrialRequest> of(Step step, Planner planner) {
        Map<String, Object> settings =
                planner.configuration(step.configuration()).settings();
        Broadcast<TrialData> examples = spec.program().program().needsData() ? examples(settings) : null;
        int[] rungs = planner.rungs();
        boolean last = step.rung() == rungs.length - 1;
        int from = step.rung() == 0 ? 0 : rungs[step.rung() - 1];
        List<TrialRequest> requests = new ArrayList<>();
        for (int r = 0; r < replicates(step.configuration()); r++) {
            Map<String, Object> set = new TreeMap<>(settings);
            if (spec.replicates() > 1) {
                set.put(SEED, seed(settings, r));
            }
            String text = Json.line(set);
            int to = last ? 0 : rungs[step.rung()];
            requests.add(new TrialRequest(
                    step.configuration() * spec.replicates() + r,
                    step.rung(),
                    key(text + from + " " + to),
                    text,
                    from,
                    to,
                    !last,
                    examples));
        }
        return requests;
    }

    /** Replicates of a configuration: the last one may have fewer. */
    int replicates(int configuration) {
        return Math.min(spec.replicates(), trials - configuration * spec.replicates());
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
