package org.coinflip.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.source.RawSource;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.table.Reading;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.Transformation;

/**
 * Examples for a network that was trained before, as that network saw its own: a raw source goes through the transformation that was
 * fitted in training, never through a fit of its own. On the data and split settings of the training the two are the same; on other
 * data a fit of its own would show the network features of another meaning. {@link Dataset}, in contrast, fits.
 *
 * <p>Features that had names in training are found by these names in a source that has names too, and a label stands for the class that
 * it stood for in training.
 *
 * <p>Prepared data are scaled already and are taken as they are where their transformation is the network's; where it is another,
 * they are refused, for what it rounded away does not come back. Labels are optional in raw sources. Immutable.
 */
public final class Selection {
    private final String name;
    private final int size;
    private final boolean labelled;
    private final ExampleSchema schema;
    private final IdTexts idTexts;
    private final IntFunction<List<ExampleShard>> cut;

    private Selection(
            String name,
            int size,
            boolean labelled,
            ExampleSchema schema,
            IdTexts idTexts,
            IntFunction<List<ExampleShard>> cut) {
        this.name = name;
        this.size = size;
        this.labelled = labelled;
        this.schema = schema;
        this.idTexts = idTexts;
        this.cut = cut;
    }

    /**
     * Opens a subset of what a section {@code data { … }} says.
     *
     * @param transformation what the network's training data went through; the section's own scaling is not looked at
     * @param classes the network's number of classes, which labels have to be among; empty for a network that does not classify
     * @param conf settings of the Hadoop file systems, not modified
     * @throws DataException where data is missing, damaged or not of the form that the network was trained on
     * @throws org.coinflip.model.error.UsageException where the splits do not fit the data
     */
    public static Selection open(
            DataSpec spec, Subset subset, Transformation transformation, OptionalInt classes, Configuration conf) {
        if (!(spec.source() instanceof RawSource)) {
            Object path =
                    spec.source().keys().getOrDefault("path", spec.source().type());
            return scaled(Dataset.open(spec, conf), path.toString(), subset, transformation, classes);
        }
        RawSource source = (RawSource) spec.source();
        RawData data = source instanceof TableSource table
                ? table.read(Reading.toUse(spec.split().flatMap(SplitSizes::by), transformation), conf)
                : source.read(conf);
        Naming naming = transformation.naming();
        // a table whose columns the network codes is read in its order already
        List<String> columns = naming.codes().isEmpty() ? data.naming().columns() : List.of();
        RawExamples development = naming.order(columns, data.name())
                .map(data.development()::reordered)
                .orElse(data.development());
        if (source.isLabelled() && classes.isPresent()) {
            RawExamples called = development;
            development = naming.relabelling(data.naming().names(), data.name())
                    .map(called::relabelled)
                    .orElse(called);
        }
        if (development.targets() > 1 && !data.naming().names().equals(naming.names())) {
            throw new DataException("data " + data.name() + ": got the values "
                    + Shown.of(data.naming().names().toString())
                    + ", expected the model's " + Shown.of(naming.names().toString())
                    + ": give data.label-columns as in the training");
        }
        requireWidth(data.name(), development.width(), transformation.inputs());
        int known = classes.orElseGet(
                () -> naming.labels().isEmpty() && naming.names().isEmpty()
                        ? 1 + greatestLabel(data)
                        : Math.max(naming.labels().size(), naming.names().size()));
        List<Examples> parts = new ArrayList<>();
        if (subset == Subset.ALL) {
            parts.add(whole(development, transformation, known));
            data.test().ifPresent(test -> parts.add(whole(test, transformation, known)));
        } else {
            Map<Split, int[]> places = spec.split().orElseThrow().assign(source, data);
            for (Split split : subset.splits()) {
                RawExamples raw = split == Split.TEST ? data.test().orElse(development) : development;
                parts.add(transformation.apply(raw, places.get(split), known));
            }
        }
        Examples examples = Examples.concatenate(parts);
        return new Selection(
                data.name(),
                examples.size(),
                source.isLabelled(),
                ExampleSchema.of(examples),
                data.idTexts(),
                least -> MemoryShard.shards(examples, least));
    }

    private static Selection scaled(
            Dataset data, String path, Subset subset, Transformation transformation, OptionalInt classes) {
        Description description = data.description();
        requireWidth(path, description.width(), transformation.width());
        if (classes.isPresent() && description.classes() != classes.getAsInt()) {
            throw new DataException(path + ": got " + description.classes() + " classes, expected the model's "
                    + classes.getAsInt() + ": prepare the data with data.classes = " + classes.getAsInt());
        }
        if (!description.transformation().equals(transformation)) {
            throw new DataException(path + ": was prepared with scale = "
                    + description.transformation().scaling()
                    + " and a fit that is not the model's, expected data prepared like the training data: give the raw"
                    + " source, which goes through the model's own transformation");
        }
        List<ExampleShard> shards = subset.splits().stream()
                .flatMap(split -> data.shards(split).stream())
                .toList();
        int size = shards.stream().mapToInt(ExampleShard::size).sum();
        ExampleSchema schema = shards.get(0).schema();
        boolean isLabelled = description.classes() > 0 || schema.targets() > 0;
        return new Selection(description.name(), size, isLabelled, schema, IdTexts.NONE, least -> shards);
    }

    private static int greatestLabel(RawData data) {
        int greatest = data.development().greatestLabel();
        return data.test().isPresent() ? Math.max(greatest, data.test().get().greatestLabel()) : greatest;
    }

    private static Examples whole(RawExamples raw, Transformation transformation, int classes) {
        int[] places = new int[raw.size()];
        Arrays.setAll(places, i -> i);
        return transformation.apply(raw, places, classes);
    }

    private static void requireWidth(String data, int width, int expected) {
        if (width != expected) {
            throw new DataException("data " + data + ": got examples of " + width + " features, expected the model's "
                    + expected + ": give data of the form that the model was trained on");
        }
    }

    /** The source's name: digits, mnist, idx, csv. */
    public String name() {
        return name;
    }

    /** Number of examples, at least 1. */
    public int size() {
        return size;
    }

    /** Whether the examples have labels. */
    public boolean isLabelled() {
        return labelled;
    }

    /** What examples are called. */
    public IdTexts idTexts() {
        return idTexts;
    }

    /** What the examples have, known without parting them. */
    public ExampleSchema schema() {
        return schema;
    }

    /**
     * The examples in shards that can be sent to other machines, split by split in ascending order of ids, or all of a raw source in
     * ascending order of ids.
     *
     * @param least how many shards are wanted; prepared data have as many as they have files
     */
    public List<ExampleShard> shards(int least) {
        return cut.apply(least);
    }
}
