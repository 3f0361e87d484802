package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Description;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.state.StateVector;
import org.coinflip.spark.sweep.result.Ranking;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.trial.Checkpoints;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.coinflip.spark.sweep.trial.TrialStatus;

/**
 * What stays of the best: {@code best/N/experiment.conf}, the N-th best configuration as a file for {@code train.sh}, and of the first
 * {@code sweep.keep-models} of them {@code best/N/model/}, with the {@code summary.json} that says what it was trained on. Of several replicates it is that with the
 * best metric. Trials leave no state at their end: those few are trained once more, to the same bits, which is held to the table.
 */
final class BestConfigurations {
    /** Configurations that get a file. */
    private static final int FILES = 10;

    private final SweepSpec spec;
    private final RunDirectory folder;
    private final Configuration hadoop;

    BestConfigurations(SweepSpec spec, RunDirectory folder, Configuration hadoop) {
        this.spec = spec;
        this.folder = folder;
        this.hadoop = hadoop;
    }

    /** @param run by which trials are trained once more */
    void write(SweepResult result, Requests requests, Planner planner, Checkpoints checkpoints, SweepRun run)
            throws InterruptedException {
        List<Ranking.Ranked> ranked = result.ranking().ranked();
        List<TrialRow> best = ranked.stream()
                .limit(Math.max(FILES, spec.keepModels()))
                .map(this::ofReplicates)
                .toList();
        List<Config> experiments = new ArrayList<>();
        for (TrialRow row : best) {
            Map<String, Object> settings =
                    requests.settings(planner.configuration(row.configuration()).settings(), row.replicate());
            Config experiment = Overlay.apply(spec.base(), settings)
                    .withValue(
                            "name", ConfigValueFactory.fromAnyRef(spec.name() + "-best-" + (experiments.size() + 1)));
            // train.sh wants a file to say where its examples come from; without, they are the digits that come along
            experiment = experiment.hasPath("data")
                    ? experiment
                    : experiment.withValue("data.source", ConfigValueFactory.fromAnyRef("digits"));
            experiments.add(experiment);
            folder.write(file(experiments.size(), "experiment.conf"), text(experiment, row, planner));
        }
        List<TrialRow> kept = best.subList(0, Math.min(best.size(), spec.keepModels()));
        List<TrialRequest> again =
                kept.stream().map(row -> requests.again(row, planner)).toList();
        Map<Integer, TrialRecord> records = new LinkedHashMap<>();
        run.repeat(again).forEach(record -> records.put(record.trial(), record));
        for (TrialRow row : kept) {
            int place = kept.indexOf(row) + 1;
            TrialRecord record = records.get(row.trial());
            if (record == null || record.status() != TrialStatus.DONE) {
                System.err.println("warning: the model of trial " + row.trial() + " is not kept: training it once more "
                        + (record == null ? "lost its executor" : "ended with " + record.reason()));
            } else {
                model(place, experiments.get(place - 1), row, record, checkpoints);
            }
        }
    }

    private TrialRow ofReplicates(Ranking.Ranked ranked) {
        double sign = spec.maximised() ? -1 : 1;
        return ranked.rows().stream()
                .min(Comparator.comparingDouble((TrialRow row) -> sign * row.metric(spec.metric()))
                        .thenComparingInt(TrialRow::trial))
                .orElseThrow();
    }

    private static String file(int place, String name) {
        return "best/" + place + "/" + name;
    }

    /** A file that names no output: by its name, that is another than the sweep's. */
    private String text(Config experiment, TrialRow row, Planner planner) {
        Config shown = ConfigValueFactory.fromMap(
                        Redaction.redact(experiment.root().unwrapped()))
                .toConfig();
        return "# Trial " + row.trial() + " of the sweep " + spec.name().replaceAll("\\p{Cntrl}", "?") + ": "
                + spec.metric() + " " + row.metric(spec.metric()) + ", parameters "
                + row.last().parametersSha256()
                + "\n" + schedule(row, planner)
                + shown.root()
                        .render(ConfigRenderOptions.defaults()
                                .setOriginComments(false)
                                .setJson(false));
    }

    /** The settings that it had on its way, where states were copied: they are not what the file has from the start. */
    private static String schedule(TrialRow row, Planner planner) {
        if (!planner.copies()) {
            return "";
        }
        Planner.Taken last = planner.step(row.configuration(), row.last().rung());
        List<Planner.Taken> all = new ArrayList<>(planner.before(last.step()));
        all.add(last);
        StringBuilder text = new StringBuilder(
                "# It had other settings on its way, which a training of this file does not repeat:\n");
        for (Planner.Taken part : all) {
            text.append("# to epoch ")
                    .append(planner.rungs()[part.step().rung()])
                    .append(", as configuration ")
                    .append(part.step().configuration())
                    .append(": ")
                    .append(String.valueOf(part.configuration().values()).replaceAll("\\p{Cntrl}", "?"))
                    .append('\n');
        }
        return text.toString();
    }

    private void model(int place, Config settings, TrialRow row, TrialRecord record, Checkpoints checkpoints) {
        if (!record.parametersSha256().equals(row.last().parametersSha256())) {
            System.err.println("warning: trial " + row.trial() + " has other parameters now than in the table ("
                    + record.parametersSha256() + ", was " + row.last().parametersSha256()
                    + "): it ran on another kind of processor, see arithmetic = portable");
        }
        Experiment experiment = Experiment.read(settings);
        Description data = Dataset.open(experiment.data(), hadoop).description();
        Network network = new Network(experiment.networkSpec(data.shape()));
        float[] vector = checkpoints
                .read(row.trial(), record.rung())
                .map(vectors -> vectors.get(Snapshot.STATE))
                .orElseThrow(() -> new UsageException("output " + folder.path("checkpoints") + ": the state of trial "
                        + row.trial() + " cannot be read, expected what its task wrote just now: look at the file"
                        + " system, and start the sweep again"));
        State state = new State(network.layout());
        new StateVector(vector).copyPrefixTo(state);
        StoredModel model = new StoredModel(
                network,
                state,
                data.transformation(),
                experiment.evaluation(),
                experiment.arithmetic(),
                experiment.seed());
        ModelDirectory.write(folder, "best/" + place + "/model", model);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", "sweep");
        keys.put("name", experiment.name());
        keys.put("status", "done");
        keys.put("trial", row.trial());
        keys.put("configuration", row.configuration());
        keys.put("seed", experiment.seed());
        keys.put("metrics", row.last().metrics());
        keys.put("parametersSha256", state.parametersSha256());
        keys.put("config", Redaction.redact(experiment.write(network.spec())));
        folder.writeSealed(file(place, "summary.json"), keys);
    }
}
