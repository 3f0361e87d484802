package org.coinflip.model.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All that training changes, in one contiguous vector: parameters, statistics, the updater's memory. Averaging, checkpoints, hashes
 * and updaters act on the vector, layers on their segments' views. Belongs to one thread at a time.
 */
public final class State {
    private final Layout layout;
    private final Floats values;

    /** A state of zeros. */
    public State(Layout layout) {
        this.layout = layout;
        this.values = Floats.allocate(layout.length());
    }

    public Layout layout() {
        return layout;
    }

    /** The whole vector. */
    public Floats values() {
        return values;
    }

    /** The trained part of the vector. */
    public Floats parameters() {
        return values.view(0, layout.parameters());
    }

    /** The trained part as an ND4J vector over the same memory; this state must outlive it. */
    public INDArray parametersAsINDArray() {
        return parameters().toINDArray();
    }

    public Floats view(Segment segment) {
        return values.view(segment.offset(), segment.length());
    }

    public Floats view(String segment) {
        return view(layout.segment(segment));
    }

    public Matrix matrix(Segment segment) {
        return Matrix.dense(view(segment), segment.rows(), segment.columns());
    }

    public Matrix matrix(String segment) {
        return matrix(layout.segment(segment));
    }

    /** Whether every number is finite. */
    public boolean isFinite() {
        for (int i = 0; i < values.length(); i++) {
            if (!Float.isFinite(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 of the parameters' little-endian bytes, in hexadecimal. */
    public String parametersSha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer bytes =
                    ByteBuffer.allocate(layout.parameters() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < layout.parameters(); i++) {
                bytes.putFloat(values.get(i));
            }
            return HexFormat.of().formatHex(digest.digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
