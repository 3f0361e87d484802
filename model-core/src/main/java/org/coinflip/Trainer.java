package org.coinflip;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.Score;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.TimeLimit;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.model.training.updater.Patience;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.coinflip.model.transform.Transformation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Trains a network on one thread, in this JVM. Settings are those of an experiment file's {@code seed}, {@code arithmetic}, {@code training} and
 * {@code evaluation}, with the same defaults; a network always starts from its initial weights. The result is a function of (network,
 * settings, examples and their ids): the bits of the job {@code train} with {@code averaging.workers = 1}.
 *
 * <pre>{@code
 * Model model = Trainer.of(network).epochs(20).batch(32).adam(0.002).seed(7).fit(Examples.of(x, y));
 * }</pre>
 *
 * Immutable and thread-safe: every method gives another trainer.
 */
public final class Trainer {
    private static final Consumer<Epoch> NOBODY = epoch -> {};

    private final NetworkSpec network;
    private final Config settings;
    private final Examples valid;
    private final int patience;
    private final Consumer<Epoch> listener;

    private Trainer(NetworkSpec network, Config settings, Examples valid, int patience, Consumer<Epoch> listener) {
        this.network = network;
        this.settings = settings;
        this.valid = valid;
        this.patience = patience;
        this.listener = listener;
    }

    /** A trainer with the defaults of experiment files. */
    public static Trainer of(NetworkSpec network) {
        if (network.top().isGiven()) {
            throw new UsageException(
                    "network.layers: got a network that is trained on rewards, expected { type = output, … }"
                            + " at the end: rewards are earned in an environment, which the job train plays");
        }
        return new Trainer(network, ConfigFactory.empty(), null, 0, NOBODY);
    }

    /** Passes over the examples. */
    public Trainer epochs(int epochs) {
        return set("training.epochs", epochs);
    }

    /** Examples a step. */
    public Trainer batch(int examples) {
        return set("training.batch", examples);
    }

    /** Seed of the initial weights, of the order of the examples and of every draw. */
    public Trainer seed(long seed) {
        return set("seed", seed);
    }

    /** Adam with this learning rate, otherwise with its defaults. */
    public Trainer adam(double learningRate) {
        return set("training.updater", Map.of("type", "Adam", "learning-rate", learningRate));
    }

    /** Plain stochastic gradient descent. */
    public Trainer sgd(double learningRate) {
        return set("training.updater", Map.of("type", "Sgd", "learning-rate", learningRate));
    }

    /** Descent with momentum. */
    public Trainer momentum(double learningRate, double momentum) {
        return set("training.updater", Map.of("type", "Momentum", "learning-rate", learningRate, "momentum", momentum));
    }

    /** One of ND4J's updaters: Sgd, Nesterovs, Adam or RmsProp. */
    public Trainer updater(IUpdater updater) {
        return set("training.updater", UpdaterSpec.of(updater).write());
    }

    /** The same bits on every processor, for some speed. */
    public Trainer portable() {
        return set("arithmetic", Section.name(Arithmetic.PORTABLE));
    }

    /** Has the model predict with the mean of so many draws of its units, where it is not told otherwise; the default is their means. */
    public Trainer draws(int draws) {
        return set("evaluation", Map.of("mode", "samples", "draws", draws));
    }

    /**
     * Settings as an experiment file has them, over those before: {@code "training { schedule = cosine, max-column-norm = 2 }"}. What is
     * unknown or out of range is refused by {@link #fit} before it begins.
     */
    public Trainer settings(String hocon) {
        try {
            return with(ConfigFactory.parseString(hocon).resolve().withFallback(settings));
        } catch (ConfigException e) {
            throw new UsageException(
                    "settings cannot be read ("
                            + e.getMessage().lines().findFirst().orElse("")
                            + "), expected keys as in an experiment file: training { batch = 32 }",
                    e);
        }
    }

    /** Looks at these examples after every epoch. */
    public Trainer validate(Examples examples) {
        return new Trainer(network, settings, examples, patience, listener);
    }

    /**
     * Ends after so many looks at the validation examples that were no better than the best before, and gives the network of the best. Prechelt
     * (1998), "Early stopping – but when?".
     *
     * @param looks at least 1
     */
    public Trainer patience(int looks) {
        if (looks < 1) {
            throw new UsageException("patience: got " + looks + ", expected at least 1: leave it out for no early end");
        }
        return new Trainer(network, settings, valid, looks, listener);
    }

    /** Tells of every epoch, in the thread that trains. */
    public Trainer listener(Consumer<Epoch> told) {
        return new Trainer(network, settings, valid, patience, told);
    }

    private Trainer set(String key, Object value) {
        // a section takes the place of the one before: keys of another updater have no meaning in this
        return with(settings.withoutPath(key).withFallback(ConfigFactory.parseMap(Map.of(key, value))));
    }

    private Trainer with(Config changed) {
        return new Trainer(network, changed, valid, patience, listener);
    }

    /** All that is set, as a part of an experiment file. */
    public Config write() {
        return settings;
    }

    /**
     * Trains from the initial weights.
     *
     * @param examples with labels where the network classifies; not modified
     * @throws UsageException where settings, network and examples do not fit together
     * @throws DivergenceException where a loss or a parameter is no longer finite
     */
    public Model fit(Examples examples) {
        Section root = Section.root(settings);
        long seed = root.wholeNumber("seed", 1);
        Arithmetic arithmetic = root.choice("arithmetic", Arithmetic.FAST);
        TrainingSpec training = TrainingSpec.read(root.section("training"));
        EvaluationSpec evaluation = EvaluationSpec.read(root.section("evaluation"));
        root.finish();
        if (patience > 0 && valid == null) {
            throw new UsageException("patience: got " + patience + " without examples to look at: give validate(…)");
        }
        if (training.schedule().isDecidedByLooks() && valid == null) {
            throw new UsageException("training.schedule: got plateau without examples to look at: give validate(…)");
        }
        Network compiled = new Network(network);
        Examples train = Fitting.checked(examples, compiled, "examples").sortedById();
        Examples looked = valid == null ? null : Fitting.checked(valid, compiled, "validation examples");
        KernelChoice kernels = StepProducts.choice(arithmetic, compiled, training);
        State end = new Fitting(compiled, training, evaluation, kernels, seed).run(train, looked, patience, listener);
        return new Model(
                new StoredModel(compiled, end, Transformation.none(network.inputs()), evaluation, arithmetic, seed));
    }

    /** One training as it goes; the fields that do not change. */
    private record Fitting(
            Network network, TrainingSpec training, EvaluationSpec evaluation, KernelChoice kernels, long seed) {
        /** The examples, where the network is for such. */
        private static Examples checked(Examples examples, Network network, String what) {
            if (examples.size() == 0) {
                throw new UsageException(what + ": got none, expected at least one");
            }
            int classes = network.spec().classes().orElse(examples.classes());
            if (network.spec().classes().isPresent() && !examples.isLabelled()) {
                throw new UsageException(what + ": got no labels, expected some of " + classes
                        + " classes: this network tells classes apart");
            }
            Examples told = examples.classes() < classes ? examples.withClasses(classes) : examples;
            network.check(told.width(), told.classes());
            network.checkTargets(told.targets());
            if (told.areWeighted()) {
                network.checkWeights();
            }
            return told;
        }

        State run(Examples train, Examples valid, int patience, Consumer<Epoch> listener) {
            Backend backend = Backend.of(kernels);
            Learner learner = new Learner(network, training, backend, seed);
            int kept = network.spec().top().keptPerExample();
            learner.keep(kept == 0 ? null : Floats.allocate(Math.multiplyExact(kept, train.size())));
            network.initialise(learner.state(), seed);
            int batch = training.batch();
            int stepsPerEpoch = (train.size() + batch - 1) / batch;
            Progress progress = new Progress(stepsPerEpoch, training.epochs());
            State best = null;
            Patience looks = new Patience(patience);
            Plateau plateau = new Plateau(training.schedule());
            TimeLimit limit = new TimeLimit(training.maxSeconds());
            for (int epoch = 0; epoch < training.epochs() && !looks.isOver(); epoch++) {
                if (epoch > 0 && limit.isUp()) {
                    break;
                }
                progress.rateFactor(plateau.factor());
                double loss = epoch(learner, train, epoch, stepsPerEpoch, progress, limit);
                Optional<Score> score = Optional.empty();
                if (valid != null) {
                    score = Optional.of(look(learner, valid, backend));
                    plateau.look(score.get().loss());
                    if (looks.isBest(score.get().loss()) && !looks.isEndless()) {
                        best = copy(learner);
                    }
                }
                listener.accept(new Epoch(epoch + 1, training.epochs(), loss, score));
            }
            return best == null ? copy(learner) : best;
        }

        /** Takes an epoch's steps, as many as there is time for and at least one; gives the mean loss. */
        private double epoch(
                Learner learner, Examples train, int epoch, int steps, Progress progress, TimeLimit limit) {
            WorkerOrder order = new WorkerOrder(seed, epoch, 0, train.size(), training.batch());
            int[] places = new int[training.batch()];
            double lossSum = 0;
            int examples = 0;
            try (FlushToZero flushing = kernels.arithmetic().begin()) {
                for (int step = 0; step < steps && (step == 0 || !limit.isUp()); step++) {
                    int count = order.places(step, places);
                    progress.at((long) epoch * steps + step);
                    lossSum += count * learner.step(train, places, count, progress);
                    examples += count;
                }
            }
            if (!learner.isFinite()) {
                throw new DivergenceException("epoch " + (epoch + 1)
                        + ": training diverged: a parameter is no longer finite, expected finite numbers: lower the"
                        + " learning rate or set training.max-column-norm");
            }
            return lossSum / examples;
        }

        private Score look(Learner learner, Examples valid, Backend backend) {
            try (FlushToZero flushing = kernels.arithmetic().begin()) {
                return new Evaluator(network, copy(learner), evaluation, backend, Evaluator.BATCH, seed)
                        .score(valid, 0, valid.size());
            }
        }

        /** Parameters and statistics as they are averaged and written. */
        private State copy(Learner learner) {
            State state = new State(network.layout());
            learner.storeNetwork(state);
            return state;
        }
    }
}
