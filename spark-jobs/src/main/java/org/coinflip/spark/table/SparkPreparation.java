package org.coinflip.spark.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Description;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.data.TablePreparation;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.FileTable;
import org.coinflip.data.source.StoredTable;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.data.table.FeatureEncoder;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;
import org.coinflip.data.transform.AnyOrder;
import org.coinflip.data.transform.Pass;
import org.coinflip.data.transform.TrainingExamples;
import org.coinflip.model.transform.Transformation;
import scala.Tuple2;

/**
 * Prepares a table by Spark's tasks, to the files that are written of it in memory. Every part is read and checked once and kept on the executors' disks; the driver learns of a row its
 * label and, where it has them, its id, weight and key of the split, some 4 to 28 bytes; rows are moved once, to the shard that they are written in; the transformation is fitted
 * by passes over the training shards, one after the other, so that sums are added in the order of the ids.
 */
public final class SparkPreparation {
    /** From so many bytes on, files are read by tasks. */
    private static final long LARGE_BYTES = 64L << 20;

    private static final long BYTES_OF_A_SHARD = 64L << 20;

    private final TablePreparation preparation;
    private final JavaPairRDD<Integer, RawExamples> shards;
    private final int width;

    private SparkPreparation(TablePreparation preparation, JavaPairRDD<Integer, RawExamples> shards, int width) {
        this.preparation = preparation;
        this.shards = shards;
        this.width = width;
    }

    /** Whether a data set is prepared so: what Spark reads, and tables in large files. */
    public static boolean serves(DataSpec spec, Configuration conf) {
        if (spec.source() instanceof StoredTable) {
            return true;
        }
        if (!(spec.source() instanceof FileTable table)) {
            return false;
        }
        long bytes = 0;
        for (Path file : table.files(conf)) {
            try {
                bytes += StoredBytes.fileSystem(file, conf).getFileStatus(file).getLen();
            } catch (IOException e) {
                // a file that is missing is told of by who reads it
                return false;
            }
        }
        return bytes >= LARGE_BYTES;
    }

    /**
     * Prepares a table.
     *
     * @param output a folder on any Hadoop file system
     * @param shards files a split; absent for {@value Preparation#SHARDS}, or more of a large table
     * @param overwrite whether what jobs wrote at {@code output} may be replaced; nothing else ever is
     * @return what was written
     * @throws org.coinflip.model.error.UsageException where the output has files, holds the source or lies in it, or cannot be written
     * @throws org.coinflip.model.error.DataException where the table is not what it should be
     */
    public static Description prepare(
            DataSpec spec,
            String output,
            OptionalInt shards,
            boolean overwrite,
            Configuration conf,
            SparkSession session) {
        TablePreparation.Output to = new TablePreparation.Output(spec, output, overwrite, conf);
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Reading reading = Reading.toTrain(spec.split().orElseThrow().by());
        spark.setJobDescription("read the table");
        SparkTable table = SparkTable.of(spec, reading, conf, session);
        JavaRDD<SparkTable.Part> parts = table.parts().persist(StorageLevel.DISK_ONLY());
        List<SparkTable.Part> known =
                table.reading(() -> parts.map(SparkTable.Part::withoutFeatures).collect()).stream()
                        .sorted(SparkTable.Part.ORDER)
                        .toList();
        List<TablePart> rows = known.stream().map(SparkTable.Part::rows).toList();
        FeatureEncoder codes = new FeatureEncoder(table.plan(), ((TableSource) spec.source()).rules(), reading, rows);
        TablePreparation preparation = new TablePreparation(spec, codes, rows, table.files(known), shards.orElse((int)
                Math.max(Preparation.SHARDS, codes.featureBytes(rows) / BYTES_OF_A_SHARD)));
        spark.setJobDescription("bring rows to their shards");
        JavaPairRDD<Integer, RawExamples> moved = moved(spark, parts, codes, known, preparation);
        Description description = new SparkPreparation(preparation, moved, codes.width()).write(to, spark);
        moved.unpersist();
        parts.unpersist();
        spark.setJobDescription(null);
        return description;
    }

    /** Each shard's rows, in a partition of its own. */
    private static JavaPairRDD<Integer, RawExamples> moved(
            JavaSparkContext spark,
            JavaRDD<SparkTable.Part> parts,
            FeatureEncoder codes,
            List<SparkTable.Part> known,
            TablePreparation preparation) {
        Map<String, Long> firstIds = new HashMap<>();
        long firstId = 0;
        for (SparkTable.Part part : known) {
            firstIds.put(part.file() + "\n" + part.block(), firstId);
            firstId += part.rows().rows();
        }
        boolean areCounted = known.get(0).rows().areCounted();
        Broadcast<FeatureEncoder> coded = spark.broadcast(codes);
        Broadcast<int[]> shardOf = spark.broadcast(preparation.shardOfRows());
        Broadcast<long[]> ids = spark.broadcast(areCounted ? new long[0] : preparation.ids());
        int count = preparation.shards().size();
        return parts.flatMapToPair(part -> chunks(
                        coded.value().examples(part.rows(), firstIds.get(part.file() + "\n" + part.block())),
                        shardOf.value(),
                        ids.value(),
                        count))
                .groupByKey(new ByNumber(count))
                .mapValues(SparkPreparation::merged)
                .persist(StorageLevel.DISK_ONLY());
    }

    private static RawExamples merged(Iterable<RawExamples> chunks) {
        List<RawExamples> all = new ArrayList<>();
        chunks.forEach(all::add);
        // parts in their order are mostly in that of the ids, too, and then nothing is to be sorted
        all.sort(Comparator.comparingLong(chunk -> chunk.id(0)));
        return RawExamples.merged(all);
    }

    /** The rows of a part, by their shards. */
    private static Iterator<Tuple2<Integer, RawExamples>> chunks(
            RawExamples rows, int[] shardOf, long[] ids, int count) {
        int[] shards = new int[rows.size()];
        int[] sizes = new int[count];
        for (int i = 0; i < shards.length; i++) {
            int place = ids.length == 0 ? Math.toIntExact(rows.id(i)) : Arrays.binarySearch(ids, rows.id(i));
            shards[i] = shardOf[place];
            if (shards[i] >= 0) {
                sizes[shards[i]]++;
            }
        }
        int[][] places = new int[count][];
        for (int shard = 0; shard < count; shard++) {
            places[shard] = new int[sizes[shard]];
        }
        for (int i = shards.length - 1; i >= 0; i--) {
            if (shards[i] >= 0) {
                places[shards[i]][--sizes[shards[i]]] = i;
            }
        }
        return IntStream.range(0, count)
                .filter(shard -> places[shard].length > 0)
                .mapToObj(shard -> new Tuple2<>(shard, rows.select(places[shard])))
                .iterator();
    }

    /** Keys are the numbers of partitions. */
    private static final class ByNumber extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int count;

        private ByNumber(int count) {
            this.count = count;
        }

        @Override
        public int numPartitions() {
            return count;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByNumber that && that.count == count;
        }

        @Override
        public int hashCode() {
            return count;
        }
    }

    private Description write(TablePreparation.Output to, JavaSparkContext spark) {
        Transformation transformation = preparation.fit(new Training(spark));
        spark.setJobDescription("write the shards");
        List<TablePreparation.Shard> known = preparation.shards();
        return preparation.write(to, transformation, writer -> shards.map(shard -> writer.write(
                        known.get(shard._1),
                        shard._2,
                        "attempt-" + TaskContext.get().taskAttemptId()))
                .collect());
    }

    /** The training shards, one after the other. */
    private final class Training implements TrainingExamples {
        private final JavaSparkContext spark;

        private Training(JavaSparkContext spark) {
            this.spark = spark;
        }

        @Override
        public int size() {
            return preparation.trainingExamples();
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public int byteMaximum() {
            return 0;
        }

        @Override
        public <P extends Pass> P after(P pass) {
            int count = trainingShards();
            P seen = pass;
            for (int k = 0; k < count; k++) {
                spark.setJobDescription("fit the transformation: shard " + (k + 1) + " of " + count);
                P before = seen;
                seen = shards.mapPartitions(rows -> seen(rows, before))
                        .collectPartitions(new int[] {k})[0]
                        .get(0);
            }
            return seen;
        }

        @Override
        public <P extends AnyOrder<P>> P together(P pass) {
            spark.setJobDescription("fit the transformation");
            int count = trainingShards();
            // folded where they are, for what a pass holds of wide tables is much for one driver
            pass.see(shards.mapPartitionsWithIndex(
                            (number, rows) -> number < count ? seen(rows, pass) : Collections.emptyIterator(), true)
                    .treeReduce((one, other) -> {
                        one.see(other);
                        return one;
                    }));
            return pass;
        }

        /** They are the first. */
        private int trainingShards() {
            return (int) preparation.shards().stream()
                    .filter(shard -> shard.split() == Split.TRAIN)
                    .count();
        }
    }

    /** What a pass is after a shard. */
    private static <P extends Pass> Iterator<P> seen(Iterator<Tuple2<Integer, RawExamples>> shard, P pass) {
        shard.forEachRemaining(
                rows -> pass.see(rows._2, IntStream.range(0, rows._2.size()).toArray()));
        return List.of(pass).iterator();
    }
}
