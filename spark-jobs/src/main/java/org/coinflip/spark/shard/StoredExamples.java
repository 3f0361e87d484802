package org.coinflip.spark.shard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.example.Examples;

/**
 * A worker's examples in files of the executor that put them together, blocks of its block manager. A batch is read row by row, from
 * wherever its examples are; nothing else is in memory, but what the operating system keeps of files. An executor that is given another's
 * examples, as it is where that one was busy for long, copies the blocks that it reads for the time of its task.
 */
public final class StoredExamples implements ExampleStore {
    /** Bytes of a block: what is in memory at once where one is copied. */
    public static final int BLOCK_BYTES = 64 << 20;

    private static final long serialVersionUID = 1L;

    private final ExampleRows rows;
    private final RowPlaces lie;
    private final BlockManagerId home;
    private final long broadcast;
    private final String name;
    private transient RandomAccessFile[] files;

    /**
     * @param lie where rows are in the blocks
     * @param broadcast what its blocks are removed with
     * @param name what the names of its blocks begin with
     */
    StoredExamples(ExampleRows rows, RowPlaces lie, BlockManagerId home, long broadcast, String name) {
        this.rows = rows;
        this.lie = lie;
        this.home = home;
        this.broadcast = broadcast;
        this.name = name;
        this.files = noFiles();
    }

    private RandomAccessFile[] noFiles() {
        return new RandomAccessFile[lie.blocks()];
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        files = noFiles();
    }

    /** Names of blocks that others can ask for are of letters, digits and underscores. */
    static BlockId block(long broadcast, String name, int number) {
        return new BroadcastBlockId(broadcast, name + "_" + number);
    }

    @Override
    public int size() {
        return lie.size();
    }

    @Override
    public Examples bring(int[] places, int count) {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes = Math.addExact(bytes, lie.length(places[i]));
        }
        byte[] read = new byte[bytes];
        try {
            for (int i = 0, at = 0; i < count; i++) {
                read(places[i], read, at);
                at += lie.length(places[i]);
                places[i] = i;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("examples " + name + " cannot be read (" + e.getMessage() + ")", e);
        }
        return rows.read(ByteBuffer.wrap(read), count);
    }

    private synchronized void read(int place, byte[] into, int start) throws IOException {
        int number = lie.block(place);
        if (files[number] == null) {
            files[number] = open(block(broadcast, name, number));
        }
        files[number].seek(lie.start(place));
        files[number].readFully(into, start, lie.length(place));
    }

    private RandomAccessFile open(BlockId block) throws IOException {
        BlockManager blocks = SparkEnv.get().blockManager();
        return home.equals(blocks.blockManagerId())
                ? new RandomAccessFile(blocks.diskBlockManager().getFile(block), "r")
                : copy(blocks, block);
    }

    /** A file without a name: it is gone when it is closed, at the latest with this object. */
    private RandomAccessFile copy(BlockManager blocks, BlockId block) throws IOException {
        File file = blocks.diskBlockManager().createTempLocalBlock()._2();
        ManagedBuffer buffer = fetch(blocks, block);
        try (InputStream in = buffer.createInputStream()) {
            Files.copy(in, file.toPath(), StandardCopyOption.REPLACE_EXISTING);
            return new RandomAccessFile(file, "r");
        } finally {
            buffer.release();
            Files.deleteIfExists(file.toPath());
        }
    }

    private ManagedBuffer fetch(BlockManager blocks, BlockId block) throws IOException {
        try {
            return blocks.blockTransferService()
                    .fetchBlockSync(home.host(), home.port(), home.executorId(), block.name(), null);
        } catch (Exception e) {
            // Scala does not declare that a lost executor is an IOException, or one of Spark's
            throw new IOException("executor " + home.executorId() + " does not give " + block.name(), e);
        }
    }
}
