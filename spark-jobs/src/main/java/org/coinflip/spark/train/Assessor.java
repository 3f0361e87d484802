package org.coinflip.spark.train;

import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.Score;

/** Evaluates a network as Spark tasks, a block of examples each; sums are taken in the blocks' order. */
public final class Assessor implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String network;
    private final String evaluation;
    private final KernelChoice kernels;
    private final long seed;

    public Assessor(Network network, EvaluationSpec evaluation, KernelChoice kernels, long seed) {
        this.kernels = kernels;
        this.network = network.spec().write().root().render();
        this.evaluation = ConfigFactory.parseMap(evaluation.write()).root().render();
        this.seed = seed;
    }

    /** A network that can be given states, for one thread. */
    Bound bind() {
        return new Bound();
    }

    /** Scores alone, of one state after another. */
    final class Bound {
        private final Layout dense;
        private final State state;
        private final Evaluator evaluator;

        private Bound() {
            Network compiled = compile();
            dense = compiled.layout();
            state = new State(dense.padded());
            evaluator = evaluator(compiled, state);
        }

        /** @param numbers that begin with the network's */
        void load(Floats numbers) {
            state.set(dense, numbers.view(0, dense.length()));
        }

        Score score(Examples examples) {
            return evaluator.score(examples, 0, examples.size());
        }
    }

    /** Assesses a state on blocks of examples, of which there is at least one. */
    public Assessment assess(JavaSparkContext spark, JavaRDD<Examples> blocks, StateVector state) {
        Broadcast<StateVector> broadcast = spark.broadcast(state);
        try {
            return blocks
                    .map(block -> {
                        try (FlushToZero flushing = kernels.arithmetic().begin()) {
                            return block(block, broadcast.value());
                        }
                    })
                    .collect()
                    .stream()
                    .reduce(Assessment::plus)
                    .orElseThrow();
        } finally {
            broadcast.destroy();
        }
    }

    private Network compile() {
        return new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(network))));
    }

    private Evaluator evaluator(Network compiled, State state) {
        return new Evaluator(
                compiled,
                state,
                EvaluationSpec.read(Section.root(ConfigFactory.parseString(evaluation))),
                Backend.of(kernels),
                Evaluator.BATCH,
                seed);
    }

    private Assessment block(Examples block, StateVector vector) {
        Network compiled = compile();
        State state = new State(compiled.layout());
        vector.copyPrefixTo(state);
        Evaluator evaluator = evaluator(compiled, state);
        boolean classifies = compiled.spec().classes().isPresent();
        int classes = classifies ? block.classes() : 0;
        long[][] confusion = new long[classes][classes];
        List<Assessment.Mistake> mistakes = new ArrayList<>();
        Score score = Score.NONE;
        for (int start = 0; start < block.size(); start += Evaluator.BATCH) {
            int count = Math.min(Evaluator.BATCH, block.size() - start);
            score = score.plus(evaluator.assess(block, start, count));
            for (int r = 0; classifies && r < count; r++) {
                int label = block.label(start + r);
                int predicted = Objective.best(evaluator.predictions(), r);
                confusion[label][predicted]++;
                if (predicted != label) {
                    mistakes.add(new Assessment.Mistake(
                            block.id(start + r),
                            label,
                            predicted,
                            evaluator.predictions().get(r, label),
                            evaluator.loss(r),
                            features(block, start + r)));
                }
            }
        }
        mistakes.sort(Assessment.Mistake.WORST_FIRST);
        return new Assessment(
                score,
                confusion,
                List.copyOf(mistakes.subList(0, Math.min(Assessment.KEPT, mistakes.size()))),
                evaluator.gates());
    }

    private static float[] features(Examples block, int index) {
        float[] features = new float[block.width()];
        for (int j = 0; j < features.length; j++) {
            features[j] = block.feature(index, j);
        }
        return features;
    }
}
