package org.coinflip.spark.train;

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
    private final int blockBytes;
    private ExampleRows rows;
    private ByteBuffer row;
    private int rowsPerBlock;
    private int size;
    private long lastId;
    private File file;
    private OutputStream out;

    /**
     * @param broadcast what the files are removed with
     * @param name another for each worker and each attempt
     * @param blockBytes the most bytes of a file; a row at least is in each
     */
    ExampleFiles(long broadcast, String name, int blockBytes) {
        this.broadcast = broadcast;
        this.name = name;
        this.blockBytes = blockBytes;
    }

    /** Writes the next examples. */
    void add(Examples part) {
        if (rows == null) {
            rows = ExampleRows.of(part);
            row = ByteBuffer.allocate(rows.length());
            rowsPerBlock = Math.max(1, blockBytes / rows.length());
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
        if (size > 0 && part.id(place) < lastId) {
            throw new DataException("example " + part.id(place) + " comes after example " + lastId
                    + ", expected shards whose ids ascend from one to the next: prepare the data again, or set"
                    + " averaging.storage = memory");
        }
        lastId = part.id(place);
        if (out == null) {
            file = blocks.diskBlockManager().createTempLocalBlock()._2();
            out = new BufferedOutputStream(Files.newOutputStream(file.toPath()), 1 << 16);
        }
        row.clear();
        rows.write(part, place, row);
        out.write(row.array());
        size++;
        if (size % rowsPerBlock == 0) {
            publish(size / rowsPerBlock - 1);
        }
    }

    /** Makes the file a block, which other executors can read. */
    private void publish(int number) throws IOException {
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
            if (out != null) {
                publish(size / rowsPerBlock);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return new StoredExamples(rows, size, rowsPerBlock, blocks.blockManagerId(), broadcast, name);
    }

    /** Removes what a task that failed has written: the next attempt may need the room. */
    void discard() {
        for (int number = 0; rows != null && (long) number * rowsPerBlock < size; number++) {
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
