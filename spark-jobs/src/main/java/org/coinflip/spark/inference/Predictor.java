package org.coinflip.spark.inference;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.objective.StepClasses;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.transform.Naming;
import org.coinflip.spark.state.StateVector;

/** One task's predictions: a row for each example of its shards, a shard in memory at a time. */
final class Predictor implements FlatMapFunction<Iterator<ExampleShard>, Row> {
    private static final long serialVersionUID = 1L;

    private final String network;
    private final String evaluation;
    private final KernelChoice kernels;
    private final long seed;
    private final boolean labelled;
    private final boolean classifies;
    /** Steps that a class is told of; 0 where the network answers otherwise. */
    private final int steps;

    private final boolean spreads;
    private final Naming naming;
    private final Broadcast<StateVector> vector;
    private final Broadcast<IdTexts> idTexts;

    Predictor(Inference inference, Broadcast<StateVector> vector, Broadcast<IdTexts> idTexts) {
        this.idTexts = idTexts;
        this.network = inference.model().network().spec().write().root().render();
        this.evaluation =
                ConfigFactory.parseMap(inference.evaluation().write()).root().render();
        this.kernels = inference.kernels();
        this.seed = inference.seed();
        this.classifies = inference.model().network().spec().classes().isPresent();
        this.steps = steps(inference.model().network().spec());
        this.spreads = spreads(inference);
        this.labelled = inference.examples().isLabelled();
        this.naming = inference.model().transformation().naming();
        this.vector = vector;
    }

    private static int steps(NetworkSpec network) {
        return network.output().objective().isOfSteps() ? network.targets() : 0;
    }

    /** Whether predictions differ from draw to draw, and there are two draws at least. */
    static boolean spreads(Inference inference) {
        return inference.model().network().spec().classes().isPresent()
                && inference.evaluation().mode() == Mode.SAMPLES
                && inference.evaluation().draws() > 1;
    }

    /**
     * The columns: {@code id}, a number or, of a table whose ids are texts, a text, {@code label} where there are labels, {@code predicted} (the class of the greatest prediction, the first
     * of equals) where the network classifies, {@code p0 …} (the probability of each class; for squared error the output of each unit;
     * for a reconstruction each feature). Of several values there are {@code label_NAME …} and {@code p_NAME …}, each value called by its column. Of a class at every step there are {@code predicted_1 …}, the class of the greatest prediction of each. Classes are called as their labels in the training's data: of labels 1, 2, 3 there are {@code
     * p1, p2, p3}, of labels that are names {@code p_setosa} and so on, and {@code label} and {@code predicted} are text. Of a network that is evaluated by draws
     * {@code spread} is the standard deviation from draw to draw (divisor draws − 1) of the probability of the class predicted.
     */
    static StructType columns(
            boolean labelled, NetworkSpec network, Naming naming, boolean spreads, boolean areIdsTexts) {
        boolean classes = network.classes().isPresent();
        boolean named = !naming.names().isEmpty();
        DataType label = named ? DataTypes.StringType : DataTypes.IntegerType;
        boolean ofValues = network.output().objective().isOfValues();
        StructType columns = new StructType().add("id", areIdsTexts ? DataTypes.StringType : DataTypes.LongType, false);
        int values = ofValues ? network.targets() : 1;
        for (int j = 0; labelled && j < values; j++) {
            String name = values == 1 ? "label" : column("label", naming, j);
            columns = columns.add(name, ofValues ? DataTypes.FloatType : label, false);
        }
        if (steps(network) > 0) {
            for (int t = 0; t < steps(network); t++) {
                columns = columns.add(column("predicted", naming, t), DataTypes.IntegerType, false);
            }
            return columns;
        }
        if (classes) {
            columns = columns.add("predicted", label, false);
        }
        for (int j = 0; j < network.output().units(); j++) {
            String name = classes || ofValues ? column("p", naming, j) : "p" + j;
            columns = columns.add(name, DataTypes.FloatType, false);
        }
        return spreads ? columns.add("spread", DataTypes.FloatType, false) : columns;
    }

    /** Of a class or a value: by its name where the data have names, otherwise by its label. */
    private static String column(String what, Naming naming, int category) {
        return what + (naming.names().isEmpty() ? "" : "_") + naming.called(category);
    }

    @Override
    public Iterator<Row> call(Iterator<ExampleShard> shards) {
        Network compiled = new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(network))));
        State state = new State(compiled.layout());
        vector.value().copyPrefixTo(state);
        EvaluationSpec spec = EvaluationSpec.read(Section.root(ConfigFactory.parseString(evaluation)));
        Evaluator evaluator = new Evaluator(compiled, state, spec, Backend.of(kernels), Evaluator.BATCH, seed);
        Evaluator asked = spreads ? evaluator.measuringSpread() : evaluator;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(shards, Spliterator.ORDERED), false)
                .flatMap(shard -> rows(asked, shard.read()).stream())
                .iterator();
    }

    private List<Row> rows(Evaluator evaluator, Examples examples) {
        List<Row> rows = new ArrayList<>(examples.size());
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            for (int start = 0; start < examples.size(); start += Evaluator.BATCH) {
                int count = Math.min(Evaluator.BATCH, examples.size() - start);
                Matrix predictions = evaluator.predict(examples, start, count);
                for (int r = 0; r < count; r++) {
                    rows.add(row(examples, start + r, predictions, r, evaluator));
                }
            }
        }
        return rows;
    }

    private Object label(int category) {
        return naming.names().isEmpty() ? (Object) naming.labelOf(category) : naming.called(category);
    }

    private Row row(Examples examples, int place, Matrix predictions, int r, Evaluator evaluator) {
        List<Object> values = new ArrayList<>();
        values.add(idTexts.value().called(examples.id(place)));
        for (int j = 0; labelled && j < examples.targets(); j++) {
            values.add(examples.value(place, j));
        }
        if (labelled && !examples.areValued()) {
            values.add(label(examples.label(place)));
        }
        if (steps > 0) {
            for (int t = 0; t < steps; t++) {
                values.add(StepClasses.best(predictions, r, t, predictions.columns() / steps));
            }
            return RowFactory.create(values.toArray());
        }
        if (classifies) {
            values.add(label(Objective.best(predictions, r)));
        }
        for (int j = 0; j < predictions.columns(); j++) {
            values.add(predictions.get(r, j));
        }
        if (spreads) {
            values.add(evaluator.deviation(r, Objective.best(predictions, r)));
        }
        return RowFactory.create(values.toArray());
    }
}
