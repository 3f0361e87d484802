package org.coinflip.spark.experiment;

import com.typesafe.config.Config;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.data.DataSpec;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.tracking.TrackingSpec;

/**
 * A training, as its file says. What the network's layers are is read when the data are open, for its inputs are theirs.
 *
 * @param name for people
 * @param seed of every draw
 * @param output folder for all that the job writes, on any Hadoop file system
 * @param overwrite whether an output that exists is replaced
 * @param resume whether a training goes on that is there
 * @param backend what trains
 * @param arithmetic what its bits may rely on
 * @param data the examples
 * @param network the section with the layers
 * @param start what parameters begin with
 * @param training one worker's training
 * @param averaging how workers are averaged
 * @param evaluation how the network is used
 * @param validation how often it is looked at
 * @param checkpoint how often its state is kept
 * @param tracking who else is told of it
 */
public record Experiment(
        String name,
        long seed,
        String output,
        boolean overwrite,
        Resume resume,
        TrainingBackend backend,
        Arithmetic arithmetic,
        DataSpec data,
        Config network,
        StartSpec start,
        TrainingSpec training,
        AveragingSpec averaging,
        EvaluationSpec evaluation,
        ValidationSpec validation,
        CheckpointSpec checkpoint,
        TrackingSpec tracking) {
    /** Reads and checks a whole file. */
    public static Experiment read(Config file) {
        return read(Section.root(file));
    }

    /** Reads and checks a whole file. */
    public static Experiment read(Section root) {
        String name = root.text("name", "experiment");
        Section network = root.section("network");
        Experiment experiment = new Experiment(
                name,
                root.wholeNumber("seed", 1),
                root.text("output", "out/" + name),
                root.flag("overwrite", false),
                Resume.read(root),
                root.choice("backend", TrainingBackend.COINFLIP),
                root.choice("arithmetic", Arithmetic.FAST),
                DataSpec.read(root.section("data")),
                network.config(),
                StartSpec.read(root.section("start")),
                TrainingSpec.read(root.section("training")),
                AveragingSpec.read(root.section("averaging")),
                EvaluationSpec.read(root.section("evaluation")),
                ValidationSpec.read(root.section("validation")),
                CheckpointSpec.read(root.section("checkpoint")),
                TrackingSpec.read(root, name));
        root.finish();
        experiment.averaging().check(experiment.training());
        // so that a wrong layer is found before any data are read
        NetworkSpec.read(network, FeatureShape.UNKNOWN);
        return experiment;
    }

    /** The network for examples of so many features that are not known to make pictures. */
    public NetworkSpec networkSpec(int inputs) {
        return networkSpec(FeatureShape.flat(inputs));
    }

    /** The network for examples of the given shape. */
    public NetworkSpec networkSpec(FeatureShape inputs) {
        return NetworkSpec.read(Section.root(network.atPath("network")).section("network"), inputs);
    }

    /** Every key with the value in force. */
    public Map<String, Object> write(NetworkSpec spec) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("seed", seed);
        keys.put("output", output);
        keys.put("overwrite", overwrite);
        keys.put("resume", resume.written());
        keys.put("backend", Section.name(backend));
        keys.put("arithmetic", Section.name(arithmetic));
        keys.put("data", data.asMap());
        keys.put(
                "network",
                Map.of(
                        "layers",
                        spec.layers().stream().map(layer -> layer.write()).toList()));
        start.write().ifPresent(written -> keys.put("start", written));
        keys.put("training", training.write());
        keys.put("averaging", averaging.write());
        keys.put("evaluation", evaluation.write());
        keys.put("validation", validation.write());
        keys.put("checkpoint", checkpoint.write());
        if (!tracking.equals(TrackingSpec.NONE)) {
            keys.put("tracking", tracking.write());
        }
        return keys;
    }
}
