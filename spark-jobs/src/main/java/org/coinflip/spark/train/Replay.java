package org.coinflip.spark.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.spark.checkpoint.CheckpointFolder;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.TrainingBackend;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.record.Output;
import org.coinflip.spark.record.RoundLines;
import org.coinflip.spark.round.LocalTrainer;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.StepLook;
import org.coinflip.spark.shard.DataIdentity;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.state.StateVector;

/**
 * A training that was run, taken up again at any of its steps: rounds are taken once more from the last checkpoint before it, in the calling thread, to the
 * same bits wherever matrix products round as they did; whether they do, the losses in {@code metrics.jsonl} tell. Writes nothing.
 */
public final class Replay {
    private final Experiment experiment;
    private final Network network;
    private final Optional<WarmStart> warm;
    private final Dataset data;
    private final CheckpointFolder checkpoints;
    private final List<Map<String, Object>> lines;
    private final KernelChoice kernels;
    private final LocalShards shards;
    private final RoundPlan plan;

    /**
     * Where an example is taken in an epoch.
     *
     * @param worker who owns it
     * @param place its place among the worker's examples
     * @param epoch from 0
     * @param step from 0 in the epoch
     * @param steps that the worker takes in an epoch
     */
    public record Place(int worker, int place, int epoch, int step, int steps) {}

    /**
     * How a step was come to.
     *
     * @param from rounds done at the checkpoint that was begun with; 0 for the beginning of the training
     * @param rounds that were taken again, the step's own the last of them
     * @param compared how many of them have a line in {@code metrics.jsonl}
     * @param same how many of those gave the same loss, to the last bit
     */
    public record Course(int from, int rounds, int compared, int same) {}

    private Replay(
            Experiment experiment,
            Network network,
            Optional<WarmStart> warm,
            Dataset data,
            RunDirectory run,
            Identity identity) {
        this.experiment = experiment;
        this.network = network;
        this.warm = warm;
        this.data = data;
        this.checkpoints = new CheckpointFolder(run, experiment.checkpoint(), identity);
        this.lines = RoundLines.of(run);
        String before = checkpoints.latest().map(Snapshot::kernels).orElse("");
        this.kernels = KernelChoice.goingOn(
                experiment.arithmetic(), before, () -> StepProducts.of(network, experiment.training()));
        this.shards = new LocalShards(
                data.examples(Split.TRAIN), experiment.averaging().workers(), experiment.seed());
        this.plan = RoundPlan.of(shards.sizes(), experiment.training(), experiment.averaging());
    }

    /**
     * Opens a training's data, and sees that they are what it was trained on.
     *
     * @param experiment as its summary says, but for where the data lie
     * @param identity of the training, in its summary; missing where that has none
     * @param run its folder
     * @throws UsageException where another engine trained
     * @throws DataException where something is missing, damaged or another
     */
    public static Replay open(Experiment experiment, JsonNode identity, RunDirectory run, Configuration conf) {
        if (experiment.backend() == TrainingBackend.DL4J) {
            throw new UsageException(
                    "model: got a training whose backend was dl4j, expected coinflip, whose noise can be drawn again:"
                            + " name another training");
        }
        Dataset data = Dataset.open(experiment.data(), conf);
        Network network = new Network(experiment.networkSpec(data.description().shape()));
        network.check(data.description().width(), data.description().classes());
        Optional<WarmStart> warm = WarmStart.of(experiment.start(), network, conf);
        Map<String, Object> keys = experiment.write(network.spec());
        warm.ifPresent(start -> keys.put("start", start.identity()));
        Identity here = Output.identity(keys, DataIdentity.of(data.description()));
        if (!identity.isMissingNode()) {
            here.difference(identity).ifPresent(difference -> {
                throw new DataException("data are not what " + run.path("") + " was trained on (" + difference
                        + "), expected the same: say by data.path where those lie");
            });
        }
        return new Replay(experiment, network, warm, data, run, here);
    }

    public Experiment experiment() {
        return experiment;
    }

    public Network network() {
        return network;
    }

    public Dataset data() {
        return data;
    }

    /** What the training was computed with, where this machine has it. */
    public KernelChoice kernels() {
        return kernels;
    }

    /** A worker's examples, ascending by id. */
    public Examples examples(int worker) {
        return shards.of(worker);
    }

    /** Epochs that were begun: all, unless the training ended early. */
    public int epochs() {
        return lines.isEmpty() ? plan.epochs() : plan.epoch(Math.min(lines.size(), plan.rounds()) - 1) + 1;
    }

    /** Where a training example is taken; empty where there is none of this id. */
    public Optional<Place> find(long id, int epoch) {
        for (int k = 0; k < shards.workers(); k++) {
            Examples mine = shards.of(k);
            for (int place = 0; place < mine.size(); place++) {
                if (mine.id(place) == id) {
                    return Optional.of(find(k, place, epoch));
                }
            }
        }
        return Optional.empty();
    }

    private Place find(int worker, int place, int epoch) {
        int batch = experiment.training().batch();
        int size = shards.of(worker).size();
        WorkerOrder order = new WorkerOrder(experiment.seed(), epoch, worker, size, batch);
        int[] places = new int[batch];
        int steps = (size + batch - 1) / batch;
        for (int step = 0; step < steps; step++) {
            int count = order.places(step, places);
            for (int i = 0; i < count; i++) {
                if (places[i] == place) {
                    return new Place(worker, place, epoch, step, steps);
                }
            }
        }
        throw new IllegalStateException("an epoch has every example of a worker");
    }

    /** The round that a step of an epoch is in, from 0. */
    public int round(int epoch, int step) {
        return plan.round(epoch, step);
    }

    /** The state at a checkpoint, as the network is evaluated. */
    public State at(String checkpoint) {
        int rounds = Integer.parseInt(checkpoint.replaceFirst("round-", ""));
        if (!checkpoints.has(rounds)) {
            throw new DataException(
                    "model: got " + checkpoint + ", which is not there, expected a checkpoint that was kept:"
                            + " look into the folder checkpoints/");
        }
        State state = new State(network.layout());
        vector(checkpoints.named(checkpoint)).copyPrefixTo(state);
        return state;
    }

    private StateVector vector(Snapshot snapshot) {
        Snapshot.requireLength(
                Snapshot.STATE,
                snapshot.state(),
                Learner.layout(network, experiment.training()).length());
        return new StateVector(snapshot.state());
    }

    /**
     * Takes the training up again, and has someone look at a worker's learner before a step.
     *
     * @param step from 0 in the place's epoch, one that the place's worker takes
     */
    public Course run(Place place, int step, StepLook look) {
        int round = plan.round(place.epoch(), step);
        Optional<Snapshot> from = checkpoints.upTo(round);
        int first = from.map(Snapshot::round).orElse(0);
        try (FlushToZero flushing = kernels.arithmetic().begin();
                LocalTrainer trainer = new LocalTrainer(
                        shards,
                        network,
                        experiment.training(),
                        experiment.averaging(),
                        plan,
                        kernels,
                        from.map(this::vector).orElseGet(this::beginning),
                        experiment.seed())) {
            from.ifPresent(snapshot -> trainer.restore(snapshot.vectors()));
            int compared = 0;
            int same = 0;
            for (int r = first; r <= round; r++) {
                double rateFactor = rateFactor(r);
                if (r == round) {
                    trainer.look(r, rateFactor, place.worker(), step, look);
                }
                Round done = trainer.run(r, rateFactor);
                Optional<Double> loss = loss(r);
                compared += loss.isPresent() ? 1 : 0;
                double here = done.result().lossSum() / done.result().examples();
                same += loss.filter(value -> value == here).isPresent() ? 1 : 0;
            }
            return new Course(first, round - first + 1, compared, same);
        }
    }

    private StateVector beginning() {
        State state = new State(Learner.layout(network, experiment.training()));
        network.initialise(state, experiment.seed());
        warm.ifPresent(start -> start.into(state));
        return StateVector.of(state);
    }

    /** What looks before a round had made of the learning rate. */
    private double rateFactor(int round) {
        return EarlyStopping.plateau(
                        experiment.training().schedule(),
                        lines.subList(0, Math.min(round, lines.size())),
                        experiment.validation()::value)
                .factor();
    }

    private Optional<Double> loss(int round) {
        return round < lines.size() && lines.get(round).get("trainLoss") instanceof Double loss
                ? Optional.of(loss)
                : Optional.empty();
    }
}
