package org.coinflip.spark.evaluation;

import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.measure.DrawTrace;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.measure.Predicted;
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
import org.coinflip.spark.state.StateVector;

/**
 * Evaluates a network as Spark tasks, block by block. Losses are added up in the blocks' order, all else is the same in any: so no result depends on the
 * partitions. A partition's blocks are put together where they are; the driver holds as much for a partition as for a block.
 */
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

    /** Scores and measures of predictions, not of draws, of one state after another. */
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

        /**
         * Scores examples.
         *
         * @param measures that take the examples, too; modified
         */
        Score score(Examples examples, Measures measures) {
            return measures.add(evaluator, examples, Optional.empty());
        }
    }

    /** Assesses a state on blocks of examples, of which there is at least one, and measures nothing besides. */
    public Assessment assess(JavaSparkContext spark, JavaRDD<Examples> blocks, StateVector state) {
        NetworkSpec spec = compile().spec();
        return assess(
                spark,
                blocks,
                state,
                MeasurePlan.none(spec.output().objective(), spec.output().units()));
    }

    /**
     * Assesses a state on blocks of examples, of which there is at least one.
     *
     * @param plan what is measured besides
     */
    public Assessment assess(JavaSparkContext spark, JavaRDD<Examples> blocks, StateVector state, MeasurePlan plan) {
        Broadcast<StateVector> broadcast = spark.broadcast(state);
        try {
            return blocks.mapPartitionsWithIndex(
                            (partition, mine) -> portion(partition, mine, broadcast.value(), plan), true)
                    .treeReduce(Portion::plus)
                    .assessment();
        } finally {
            broadcast.destroy();
        }
    }

    private Iterator<Portion> portion(int partition, Iterator<Examples> blocks, StateVector vector, MeasurePlan plan) {
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            Portion portion = null;
            for (long block = 0; blocks.hasNext(); block++) {
                Portion one = Portion.of((long) partition << Integer.SIZE | block, block(blocks.next(), vector, plan));
                portion = portion == null ? one : portion.plus(one);
            }
            return Stream.ofNullable(portion).iterator();
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

    private Assessment block(Examples block, StateVector vector, MeasurePlan plan) {
        Network compiled = compile();
        State state = new State(compiled.layout());
        vector.copyPrefixTo(state);
        Evaluator evaluator = evaluator(compiled, state);
        Optional<DrawTrace> trace = plan.trace(Evaluator.BATCH);
        trace.ifPresent(evaluator::watchedBy);
        Measures measures = new Measures(plan);
        boolean classifies = compiled.spec().classes().isPresent();
        int classes = classifies ? block.classes() : 0;
        long[][] confusion = new long[classes][classes];
        List<Assessment.Mistake> mistakes = new ArrayList<>();
        Score score = Score.NONE;
        for (int start = 0; start < block.size(); start += Evaluator.BATCH) {
            int count = Math.min(Evaluator.BATCH, block.size() - start);
            score = score.plus(evaluator.assess(block, start, count));
            measures.add(new Predicted(evaluator.predictions(), block, start, trace), count);
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
                evaluator.gates(),
                measures);
    }

    private static float[] features(Examples block, int index) {
        float[] features = new float[block.width()];
        block.features().read(index, features, 0);
        return features;
    }
}
