package org.coinflip.spark.shard;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import scala.reflect.ClassTag$;

/** Writes a worker's examples to files of this executor, from parts in ascending order of ids. Holds one row. */
final class ExampleFiles {
    private final BlockManager blocks = SparkEnv.get().blockManager();
    private final long broadcast;
    private final String name;
    private final RowPlaces.Builder places;
    private ExampleRows rows;
    private ByteBuffer row = ByteBuffer.allocate(0);
    private long lastId = Long.MIN_VALUE;
    private File file;
    private OutputStream out;
    private int published;

    /**
     * @param broadcast what the files are removed with
     * @param name another for each worker and each attempt
     * @param blockBytes the most bytes of a file; a row at least is in each
     */
    ExampleFiles(long broadcast, String name, int blockBytes) {
        this.broadcast = broadcast;
        this.name = name;
        this.places = new RowPlaces.Builder(blockBytes);
    }

    /** Writes the next examples. */
    void add(Examples part) {
        if (rows == null) {
            rows = ExampleRows.of(part);
        }
        try {
            for (int i = 0; i < part.size(); i++) {
                add(part, i);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void add(Examples part, int place) throws IOException {
        // equal ids are those of equal rows
        if (part.id(place) < lastId) {
            throw new DataException("example " + part.id(place) + " comes after example " + lastId
                    + ", expected shards whose ids ascend from one to the next: prepare the data again, or set"
                    + " averaging.storage = memory");
        }
        lastId = part.id(place);
        int length = rows.length(part.features(), place);
        if (places.add(length)) {
            publish();
            file = blocks.diskBlockManager().createTempLocalBlock()._2();
            out = new BufferedOutputStream(Files.newOutputStream(file.toPath()), 1 << 16);
        }
        row = length <= row.capacity() ? row.clear() : ByteBuffer.allocate(2 * length);
        rows.write(part, place, row);
        if (row.position() != length) {
            throw new DataException("example " + part.id(place) + " lies as "
                    + part.features().form() + ", expected the form of the shards before it: prepare the data again");
        }
        out.write(row.array(), 0, length);
    }

    /** Makes the file that is open a block, which other executors can read. */
    private void publish() throws IOException {
        if (out == null) {
            return;
        }
        int number = published++;
        out.close();
        out = null;
        boolean kept = blocks
                .new TempFileBasedBlockStoreUpdater<Object>(
                        StoredExamples.block(broadcast, name, number),
                        StorageLevel.DISK_ONLY(),
                        ClassTag$.MODULE$.apply(Object.class),
                        file,
                        file.length(),
                        false,
                        false)
                .save();
        if (!kept) {
            throw new IOException("the block manager refused " + name);
        }
    }

    /** All that was written, at least one example. */
    StoredExamples finish() {
        try {
            publish();
        } catch (IOException e) {
            throw unwritable(e);
        }
        return new StoredExamples(rows, places.places(), blocks.blockManagerId(), broadcast, name);
    }

    /** Removes what a task that failed has written: the next attempt may need the room. */
    void discard() {
        for (int number = 0; number < places.blocks(); number++) {
            blocks.removeBlock(StoredExamples.block(broadcast, name, number), false);
        }
        try {
            if (out != null) {
                out.close();
                Files.deleteIfExists(file.toPath());
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static UncheckedIOException unwritable(IOException e) {
        return new UncheckedIOException(
                "examples cannot be kept in a file (" + e.getMessage() + "): give spark.local.dir a larger disk", e);
    }
}
