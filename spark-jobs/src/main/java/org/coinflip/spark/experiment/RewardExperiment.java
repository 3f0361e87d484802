package org.coinflip.spark.experiment;

import com.typesafe.config.Config;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.reward.ActionCode;
import org.coinflip.model.reward.Environment;
import org.coinflip.model.reward.Environments;
import org.coinflip.model.reward.EpisodeReuse;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.tracking.TrackingSpec;

/**
 * The training of a policy on rewards, as its file says: an {@code environment} stands in the place of data. A batch is of
 * episodes that a worker plays for a step, or some; an epoch is a round, for every round plays new ones.
 *
 * @param name for people
 * @param seed of every draw
 * @param output folder for all that the job writes, on any Hadoop file system
 * @param overwrite whether an output that exists is replaced
 * @param resume whether a training goes on that is there
 * @param arithmetic what its bits may rely on
 * @param environment where episodes are played
 * @param network the policy
 * @param training one worker's training
 * @param discount γ, what a reward one step later counts
 * @param reuse how many steps follow on the episodes of a round
 * @param averaging how workers are averaged, every round
 * @param evaluation how the policy is used
 * @param episodes episodes of a test, and of a look between
 * @param lookEvery rounds between two evaluations while it trains
 * @param patience evaluations without a better one before the training ends; 0 for none. With patience the best parameters are the result
 * @param checkpoint how often its state is kept
 * @param tracking who else is told of it
 */
public record RewardExperiment(
        String name,
        long seed,
        String output,
        boolean overwrite,
        Resume resume,
        Arithmetic arithmetic,
        Environment environment,
        NetworkSpec network,
        TrainingSpec training,
        double discount,
        EpisodeReuse reuse,
        AveragingSpec averaging,
        EvaluationSpec evaluation,
        int episodes,
        int lookEvery,
        int patience,
        CheckpointSpec checkpoint,
        TrackingSpec tracking) {
    /** Steps of a worker's batch that there may be memory for. */
    private static final int MOST_STEPS = 1 << 22;

    /** Whether a file describes such a training. */
    public static boolean isIn(Config file) {
        return file.hasPath("environment");
    }

    /** Reads and checks a whole file. */
    public static RewardExperiment read(Config file) {
        return read(Section.root(file));
    }

    /** Reads and checks a whole file. */
    public static RewardExperiment read(Section root) {
        String name = root.text("name", "experiment");
        long seed = root.wholeNumber("seed", 1);
        String output = root.text("output", "out/" + name);
        boolean overwrite = root.flag("overwrite", false);
        Resume resume = Resume.read(root);
        Arithmetic arithmetic = root.choice("arithmetic", Arithmetic.FAST);
        Environment environment = Environments.read(root.typed("environment", null));
        NetworkSpec network = NetworkSpec.read(root.section("network"), environment.observations());
        Section training = root.section("training");
        double discount = training.number("discount", 1, Range.UNIT);
        EpisodeReuse reuse = EpisodeReuse.read(training.section("reuse"));
        TrainingSpec trainingSpec = TrainingSpec.read(training);
        if ((long) trainingSpec.batch() * environment.mostSteps() > MOST_STEPS) {
            throw training.wrong(
                    "batch",
                    "at most " + MOST_STEPS / environment.mostSteps() + " episodes of up to " + environment.mostSteps()
                            + " steps");
        }
        Section evaluation = root.section("evaluation");
        int episodes = evaluation.integer("episodes", 100, 2, 1 << 20);
        EvaluationSpec evaluationSpec = EvaluationSpec.read(evaluation);
        if (evaluationSpec.draws() > 1) {
            throw evaluation.wrong("draws", "1: an action is one draw");
        }
        Section validation = root.section("validation");
        int lookEvery = validation.integer("every", 10, 1, Integer.MAX_VALUE);
        int patience = validation.integer("patience", 0, 0, Integer.MAX_VALUE);
        validation.finish();
        RewardExperiment experiment = new RewardExperiment(
                name,
                seed,
                output,
                overwrite,
                resume,
                arithmetic,
                environment,
                network,
                trainingSpec,
                discount,
                reuse,
                AveragingSpec.readOneStep(root.section("averaging")),
                evaluationSpec,
                episodes,
                lookEvery,
                patience,
                CheckpointSpec.read(root.section("checkpoint")),
                TrackingSpec.read(root, name));
        root.finish();
        ActionCode.of(network, environment);
        reuse.check(network);
        return experiment;
    }

    /** Every key with the value in force. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("seed", seed);
        keys.put("output", output);
        keys.put("overwrite", overwrite);
        keys.put("resume", resume.written());
        keys.put("arithmetic", Section.name(arithmetic));
        keys.put("environment", environment.write());
        List<Map<String, Object>> layers =
                network.layers().stream().map(Layer::write).toList();
        keys.put("network", Map.of("layers", layers));
        Map<String, Object> steps = with(training.write(), "discount", discount);
        // what is as it was before this key was there reads in older versions too
        keys.put("training", reuse.isReused() ? with(steps, "reuse", reuse.write()) : steps);
        keys.put("averaging", averaging.write());
        keys.put("evaluation", with(evaluation.write(), "episodes", episodes));
        keys.put("validation", Map.of("every", lookEvery, "patience", patience));
        keys.put("checkpoint", checkpoint.write());
        if (!tracking.equals(TrackingSpec.NONE)) {
            keys.put("tracking", tracking.write());
        }
        return keys;
    }

    private static Map<String, Object> with(Map<String, Object> keys, String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(keys);
        more.put(key, value);
        return more;
    }
}
