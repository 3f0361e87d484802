package org.coinflip.spark.state;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.coinflip.model.memory.State;

/** A state on its way between driver and executors: its numbers, written as raw little-endian bytes. */
public final class StateVector implements Externalizable {
    private static final long serialVersionUID = 1L;

    /** Numbers written at a time. */
    private static final int CHUNK = 1 << 16;

    private float[] values;

    /** For deserialisation. */
    public StateVector() {}

    /** @param values kept, not copied */
    public StateVector(float[] values) {
        this.values = values;
    }

    /** A copy of a state's numbers. */
    public static StateVector of(State state) {
        return new StateVector(state.values().toArray());
    }

    /** The numbers; not a copy. */
    public float[] values() {
        return values;
    }

    /** Overwrites a state of the same length. */
    public void copyTo(State state) {
        state.values().set(values);
    }

    /** Overwrites a state that is a first part of this one: a network without an updater's memory. */
    public void copyPrefixTo(State state) {
        state.values().set(java.util.Arrays.copyOf(values, state.values().length()));
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        out.writeInt(values.length);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
        values = new float[in.readInt()];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            in.readFully(chunk.array(), 0, count * Float.BYTES);
            chunk.asFloatBuffer().get(values, from, count);
        }
    }
}
