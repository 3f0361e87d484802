package org.coinflip.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.Apart;
import org.coinflip.data.parquet.ExampleFileWriter;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.data.table.FeatureEncoder;
import org.coinflip.data.table.TablePart;
import org.coinflip.data.transform.TrainingExamples;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;

/**
 * Preparation of a table whose rows lie on many machines: what is decided in one place, by what is known of all rows but for their features, and what is done with
 * those of one shard. Whoever moves the rows brings each where {@link #shards} says, fits the transformation by passes over the training shards in their order, and lets every shard
 * be written where it is. The files are those that {@link Preparation} writes of the same table in memory.
 */
public final class TablePreparation {
    private final DataSpec spec;
    private final RawData index;
    private final Map<Split, int[]> places;
    private final Map<Split, Integer> counts = new EnumMap<>(Split.class);
    private final Weights weights;

    /**
     * Decides which row goes where.
     *
     * @param codes what the parts are together
     * @param parts all parts in their order, without features
     * @param shards files a split, at least 1; a split of fewer examples has a file for each
     * @throws DataException where no classes can be learned, or ids are not different
     * @throws UsageException where the splits do not fit the data
     */
    public TablePreparation(
            DataSpec spec, FeatureEncoder codes, List<TablePart> parts, List<SourceFile> files, int shards) {
        this.spec = spec;
        TableSource source = (TableSource) spec.source();
        this.index = codes.index(source.type().toString(), parts, files);
        index.requireLearnable(source.rules().classes().isPresent());
        this.places = spec.split().orElseThrow().assign(source, index);
        for (Split split : Split.values()) {
            counts.put(split, Math.min(shards, places.get(split).length));
        }
        this.weights = new Weights(index, places.get(Split.TRAIN), spec.classWeights());
    }

    /**
     * A shard of a split.
     *
     * @param split the split
     * @param index its place among the split's shards, from 0
     * @param examples how many examples it has
     */
    public record Shard(Split split, int index, int examples) implements Serializable {
        private String path() {
            return ShardFile.path(split, index);
        }
    }

    /** All shards: those of training first, each split's in ascending order of ids. */
    public List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        for (Split split : Split.values()) {
            int count = counts.get(split);
            for (int k = 0; k < count; k++) {
                shards.add(new Shard(split, k, bound(split, k + 1) - bound(split, k)));
            }
        }
        return shards;
    }

    private int bound(Split split, int k) {
        return ShardFile.bound(places.get(split).length, counts.get(split), k);
    }

    /**
     * Where each row goes.
     *
     * @return for each row, in the order of the ids, the place of its shard among {@link #shards}; −1 where it is in no split
     */
    public int[] shardOfRows() {
        int[] shardOf = new int[index.development().size()];
        Arrays.fill(shardOf, -1);
        int shard = 0;
        for (Split split : Split.values()) {
            int[] theirs = places.get(split);
            for (int k = 0; k < counts.get(split); k++, shard++) {
                for (int i = bound(split, k); i < bound(split, k + 1); i++) {
                    shardOf[theirs[i]] = shard;
                }
            }
        }
        return shardOf;
    }

    /** The ids of all rows, ascending. */
    public long[] ids() {
        return IntStream.range(0, index.development().size())
                .mapToLong(index.development()::id)
                .toArray();
    }

    /** How many training examples there are. */
    public int trainingExamples() {
        return places.get(Split.TRAIN).length;
    }

    /** Fits the transformation. */
    public Transformation fit(TrainingExamples training) {
        return spec.fit().fit(training, index.naming());
    }

    /** Writes one shard, on whatever machine; belongs to the task that has its rows. */
    public static final class Writer implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String folder;
        private final Map<String, String> settings;
        private final Transformation transformation;
        private final int classes;
        private final Weights weights;

        private Writer(
                String folder,
                Map<String, String> settings,
                Transformation transformation,
                int classes,
                Weights weights) {
            this.folder = folder;
            this.settings = settings;
            this.transformation = transformation;
            this.classes = classes;
            this.weights = weights;
        }

        /**
         * What was written.
         *
         * @param shard which
         * @param file the file of it
         * @param attempt the file's name until it is known that no other attempt's counts
         * @param classHistogram examples of each class
         * @param schema what its examples have
         */
        public record Written(
                Shard shard, ShardFile file, String attempt, List<Integer> classHistogram, ExampleSchema schema)
                implements Serializable {}

        /**
         * Transforms and writes.
         *
         * @param rows of the shard, in ascending order of ids
         * @param attempt tells this attempt from others at the same shard
         */
        public Written write(Shard shard, RawExamples rows, String attempt) {
            if (rows.size() != shard.examples()) {
                throw new IllegalStateException("got " + rows.size() + " rows for " + shard);
            }
            Examples examples = weights.of(
                    transformation.apply(rows, IntStream.range(0, rows.size()).toArray(), classes), shard.split());
            Path to = new Path(StoredBytes.path(folder), shard.path() + "." + attempt);
            try {
                FileSystem fileSystem = StoredBytes.fileSystem(to, HadoopSettings.configuration(settings));
                ExampleFileWriter.Written written = ExampleFileWriter.write(fileSystem, to, examples);
                return new Written(
                        shard,
                        ShardFile.of(shard.path(), examples, written),
                        attempt,
                        SplitDescription.of(examples).classHistogram(),
                        ExampleSchema.of(examples));
            } catch (IOException e) {
                throw new UsageException(
                        to + ": cannot be written (" + StoredBytes.firstLine(e)
                                + "): make room, check the permissions, or give another output",
                        e);
            }
        }
    }

    /** Lets shards be written: in tasks, which give back what they wrote, in the order of {@link #shards}. */
    public interface Tasks {
        List<Writer.Written> write(Writer writer);
    }

    /** An output that may be written, before anything is read. */
    public static final class Output {
        private final AtomicDirectory directory;
        private final Configuration conf;

        /**
         * Looks at the output.
         *
         * @throws UsageException where it has files, holds the source or lies in it, or cannot be written
         */
        public Output(DataSpec spec, String path, boolean overwrite, Configuration conf) {
            Apart.require(path, spec.inputs(), conf);
            this.directory = new AtomicDirectory(path, overwrite, conf);
            this.conf = conf;
            directory.requireFree();
        }
    }

    /** Has all shards written and puts them in their place, with the manifest. */
    public Description write(Output output, Transformation transformation, Tasks tasks) {
        Description[] description = new Description[1];
        output.directory.write((fileSystem, folder) -> {
            Writer writer = new Writer(
                    folder.toString(), HadoopSettings.of(output.conf), transformation, index.classes(), weights);
            List<Writer.Written> written = tasks.write(writer);
            Map<Split, List<ShardFile>> files = new EnumMap<>(Split.class);
            for (Writer.Written one : written) {
                Path path = new Path(folder, one.file().path());
                if (!fileSystem.rename(path.suffix("." + one.attempt()), path)) {
                    throw new IOException("renaming " + path.getName() + " was refused");
                }
                files.computeIfAbsent(one.shard().split(), split -> new ArrayList<>())
                        .add(one.file());
            }
            removeOtherAttempts(fileSystem, folder);
            description[0] = describe(transformation, written);
            Manifest.write(fileSystem, folder, written.get(0).schema(), description[0], files);
        });
        return description[0];
    }

    private static void removeOtherAttempts(FileSystem fileSystem, Path folder) throws IOException {
        for (Split split : Split.values()) {
            for (var status : fileSystem.listStatus(new Path(folder, split.toString()))) {
                if (!status.getPath().getName().endsWith(".parquet")) {
                    fileSystem.delete(status.getPath(), false);
                }
            }
        }
    }

    private Description describe(Transformation transformation, List<Writer.Written> written) {
        Map<Split, SplitDescription> splits = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            int[] histogram = new int[index.classes()];
            written.stream().filter(one -> one.shard().split() == split).forEach(one -> {
                for (int c = 0; c < histogram.length; c++) {
                    histogram[c] += one.classHistogram().get(c);
                }
            });
            splits.put(
                    split,
                    new SplitDescription(
                            places.get(split).length,
                            Arrays.stream(histogram).boxed().toList()));
        }
        return new Description(
                index.name(),
                transformation.width(),
                index.classes(),
                ImageShape.NONE,
                spec.split().orElseThrow().seed(),
                splits,
                index.files(),
                transformation,
                weights.sha256(),
                Dataset.unused(index, places));
    }
}
