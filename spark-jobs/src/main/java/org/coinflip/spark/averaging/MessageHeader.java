package org.coinflip.spark.averaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.layer.held.RatioSums;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.WorkTimes;

/**
 * The header of a message of the all-reduce between two processes: what the numbers that follow it are.
 *
 * @param span its id
 * @param round number of the round
 * @param process who sends it
 * @param kind what its numbers are
 * @param numbers how many they are
 * @param last whether the sender wants this round to be the last: the first process's word counts
 * @param busiestNanos the most time that a task of the process was at work before
 * @param subtrees what the sender has merged; of those with a state the numbers come one after another
 */
record MessageHeader(
        long span,
        int round,
        int process,
        Kind kind,
        int numbers,
        boolean last,
        long busiestNanos,
        List<Subtree> subtrees) {
    /** What the numbers are. */
    enum Kind {
        /** The receiver's slice of what the sender has merged. */
        SLICES,
        /** The sender's slice of the next state. */
        STATE
    }

    /**
     * A subtree of the sender's workers.
     *
     * @param told all of its result but the state
     * @param hasState whether there is one
     */
    record Subtree(MergeTree.Node node, RoundResult told, boolean hasState) {}

    ByteBuffer write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(span);
            out.writeInt(round);
            out.writeInt(process);
            out.writeBoolean(kind == Kind.STATE);
            out.writeInt(numbers);
            out.writeBoolean(last);
            out.writeLong(busiestNanos);
            out.writeInt(subtrees.size());
            for (Subtree subtree : subtrees) {
                write(out, subtree);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, Subtree subtree) throws IOException {
        RoundResult told = subtree.told;
        out.writeInt(subtree.node.level());
        out.writeInt(subtree.node.index());
        out.writeBoolean(subtree.hasState);
        out.writeLong(told.examples());
        out.writeLong(told.steps());
        out.writeDouble(told.lossSum());
        out.writeLong(told.times().loadNanos());
        out.writeLong(told.times().stepNanos());
        out.writeLong(told.times().taskNanos());
        out.writeLong(told.ratios().rows());
        out.writeDouble(told.ratios().ratio());
        out.writeDouble(told.ratios().logRatio());
        out.writeLong(told.ratios().gradients());
        out.writeLong(told.ratios().clipped());
        out.writeUTF(told.divergence() == null ? "" : told.divergence());
    }

    static MessageHeader read(ByteBuffer header) {
        byte[] bytes = new byte[header.remaining()];
        header.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long span = in.readLong();
            int round = in.readInt();
            int process = in.readInt();
            Kind kind = in.readBoolean() ? Kind.STATE : Kind.SLICES;
            int numbers = in.readInt();
            boolean last = in.readBoolean();
            long busiest = in.readLong();
            List<Subtree> subtrees = new ArrayList<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                subtrees.add(readSubtree(in));
            }
            return new MessageHeader(span, round, process, kind, numbers, last, busiest, subtrees);
        } catch (IOException e) {
            throw new UncheckedIOException("a message's header is cut off", e);
        }
    }

    private static Subtree readSubtree(DataInputStream in) throws IOException {
        MergeTree.Node node = new MergeTree.Node(in.readInt(), in.readInt());
        boolean hasState = in.readBoolean();
        long examples = in.readLong();
        long steps = in.readLong();
        double lossSum = in.readDouble();
        WorkTimes times = new WorkTimes(in.readLong(), in.readLong(), in.readLong());
        RatioSums ratios = new RatioSums(in.readLong(), in.readDouble(), in.readDouble(), in.readLong(), in.readLong());
        String divergence = in.readUTF();
        return new Subtree(
                node,
                new RoundResult(
                        null, examples, steps, lossSum, times, ratios, divergence.isEmpty() ? null : divergence),
                hasState);
    }
}
