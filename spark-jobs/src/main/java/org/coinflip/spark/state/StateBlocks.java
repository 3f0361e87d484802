package org.coinflip.spark.state;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.coinflip.model.memory.Floats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * States in Spark's block manager: the bytes of the memory that they are trained in, sent as they are, with Spark's authentication and
 * encryption. Serialised as objects, a state of 7 MB is copied ten times on its way out and back, which was a tenth of a round. A block
 * shares the state's memory: nobody may write to that while the block may be read.
 *
 * <p>A block is named as a piece of a broadcast, so Spark removes it with that broadcast. Little-endian machines only, as all of ND4J's.
 */
public final class StateBlocks {
    private static final Logger LOG = LoggerFactory.getLogger(StateBlocks.class);
    /** Bytes of a piece of a state that executors hand on to each other. */
    private static final int PIECE = 4 << 20;

    private final BlockManager blocks;

    private StateBlocks(BlockManager blocks) {
        this.blocks = blocks;
    }

    /** The states that this process holds and sees. */
    public static StateBlocks here() {
        return new StateBlocks(SparkEnv.get().blockManager());
    }

    /**
     * A state's place.
     *
     * @param home who holds it
     * @param broadcast what it is removed with
     * @param name of the block
     */
    public record Place(BlockManagerId home, long broadcast, String name) implements Serializable {
        private BlockId block() {
            return new BroadcastBlockId(broadcast, name);
        }
    }

    /** Lets others read a state here. */
    public Place publish(long broadcast, String name, Floats state) {
        put(new BroadcastBlockId(broadcast, name), bytes(state, 0, length(state)), false);
        return new Place(blocks.blockManagerId(), broadcast, name);
    }

    /** Takes back what was published here; nothing where that is null. */
    public void withdraw(Place place) {
        if (place != null) {
            blocks.removeBlock(place.block(), false);
        }
    }

    /**
     * Reads a state from where it is.
     *
     * @throws IllegalStateException where it is no longer there
     */
    public void read(Place place, Floats into) {
        if (place.home().equals(blocks.blockManagerId())) {
            if (!readHere(place.block(), bytes(into, 0, length(into)))) {
                throw new IllegalStateException(place.name() + " is no longer here");
            }
            return;
        }
        ManagedBuffer buffer = null;
        try {
            buffer = fetch(place);
            copy(buffer, bytes(into, 0, length(into)));
        } catch (Exception e) {
            // Scala does not declare that a lost executor is an IOException, or one of Spark's
            throw new IllegalStateException(
                    place.name() + " cannot be read from executor "
                            + place.home().executorId(),
                    e);
        } finally {
            if (buffer != null) {
                buffer.release();
            }
        }
    }

    /** Straight from the network's buffers: as one buffer of the JDK's they would be copied together first. */
    private static void copy(ManagedBuffer from, ByteBuffer into) throws IOException {
        ByteBuf received = (ByteBuf) from.convertToNetty();
        try {
            received.getBytes(received.readerIndex(), into);
        } finally {
            received.release();
        }
    }

    private ManagedBuffer fetch(Place place) {
        return blocks.blockTransferService()
                .fetchBlockSync(
                        place.home().host(),
                        place.home().port(),
                        place.home().executorId(),
                        place.block().name(),
                        null);
    }

    /** Lets everyone read numbers by their name; where there are other executors, one of them holds a copy too. */
    public void keep(long broadcast, String name, Floats numbers) {
        boolean alone = blocks.master().getPeers(blocks.blockManagerId()).isEmpty();
        StorageLevel level = alone ? StorageLevel.MEMORY_AND_DISK_SER() : StorageLevel.MEMORY_AND_DISK_SER_2();
        put(new BroadcastBlockId(broadcast, name), bytes(numbers, 0, length(numbers)), level, true);
    }

    /** Reads what {@link #keep} was given, from whoever has it; gives whether anyone has. */
    public boolean find(long broadcast, String name, Floats into) {
        return find(new BroadcastBlockId(broadcast, name), bytes(into, 0, length(into)));
    }

    /** Sees to it that what {@link #keep} was given survives the loss of an executor: where one alone has it, this process reads a copy. */
    public void secure(long broadcast, String name, int length) {
        BlockId block = new BroadcastBlockId(broadcast, name);
        Seq<BlockManagerId> holders = blocks.master().getLocations(block);
        if (holders.size() != 1 || holders.contains(blocks.blockManagerId())) {
            return;
        }
        Floats copy;
        try {
            copy = Floats.allocate(length);
        } catch (OutOfMemoryError e) {
            LOG.warn("{} is on one executor alone, and the driver has no memory for a copy", name);
            return;
        }
        if (readAfar(block, bytes(copy, 0, length(copy)))) {
            put(block, bytes(copy, 0, length(copy)), true);
        }
    }

    /** Lets every executor read a state, in pieces, from here and from each other. */
    public void offer(long broadcast, Floats state) {
        int pieces = pieces(state);
        for (int p = 0; p < pieces; p++) {
            put(piece(broadcast, p), piece(state, p), true);
        }
    }

    /**
     * Reads what the driver offered: each piece from whoever has it, in an order of this executor's own. Others may then read the pieces
     * here, for as long as the broadcast lives; they share {@code into}'s memory.
     */
    public void take(long broadcast, Floats into) {
        List<Integer> order = new ArrayList<>();
        for (int p = 0; p < pieces(into); p++) {
            order.add(p);
        }
        // Who reads what first has no effect on what is read.
        Collections.shuffle(order, new java.util.Random(blocks.blockManagerId().hashCode()));
        for (int p : order) {
            BlockId piece = piece(broadcast, p);
            if (!readHere(piece, piece(into, p))) {
                if (!readAfar(piece, piece(into, p))) {
                    throw new IllegalStateException("the round's first state is gone: " + piece.name());
                }
                put(piece, piece(into, p), true);
            }
        }
    }

    private boolean find(BlockId block, ByteBuffer into) {
        return readHere(block, into) || readAfar(block, into);
    }

    private boolean readAfar(BlockId block, ByteBuffer into) {
        Option<ChunkedByteBuffer> found = blocks.getRemoteBytes(block);
        if (found.isEmpty()) {
            return false;
        }
        for (ByteBuffer chunk : found.get().getChunks()) {
            into.put(chunk);
        }
        return true;
    }

    private void put(BlockId block, ByteBuffer bytes, boolean announced) {
        put(block, bytes, StorageLevel.MEMORY_AND_DISK_SER(), announced);
    }

    private void put(BlockId block, ByteBuffer bytes, StorageLevel level, boolean announced) {
        blocks.putBytes(block, new Lent(bytes), level, announced, ClassTag$.MODULE$.apply(Object.class));
    }

    /** Memory that is not the block manager's to free. */
    private static final class Lent extends ChunkedByteBuffer {
        Lent(ByteBuffer bytes) {
            super(bytes);
        }

        @Override
        public void dispose() {
            // its owner uses it again
        }
    }

    private boolean readHere(BlockId block, ByteBuffer into) {
        Option<BlockData> found = blocks.getLocalBytes(block);
        if (found.isEmpty()) {
            return false;
        }
        try {
            into.put(found.get().toByteBuffer());
        } finally {
            blocks.releaseLock(block, blocks.releaseLock$default$2());
        }
        return true;
    }

    private static BlockId piece(long broadcast, int piece) {
        return new BroadcastBlockId(broadcast, "state" + piece);
    }

    private static int pieces(Floats state) {
        return (length(state) + PIECE - 1) / PIECE;
    }

    private static ByteBuffer piece(Floats state, int piece) {
        return bytes(state, piece * PIECE, Math.min(PIECE, length(state) - piece * PIECE));
    }

    private static int length(Floats state) {
        return state.length() * Float.BYTES;
    }

    private static ByteBuffer bytes(Floats state, int from, int count) {
        return state.memory().slice(state.byteOffset(0) + from, count);
    }
}
