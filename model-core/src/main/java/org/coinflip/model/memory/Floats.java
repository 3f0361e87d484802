package org.coinflip.model.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A contiguous vector of float32 outside the heap, 64-byte aligned, followed by slack that a vector load past the end may read.
 * A view shares its memory with the vector it was taken from. Freed with its last view by the garbage collector.
 *
 * <p>Not synchronised: a vector belongs to one thread at a time.
 */
public final class Floats {
    /** Short enough to stay in the first cache. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(8192).asReadOnlyBuffer();

    /** Numbers that {@link #exchange} has on the heap at a time. */
    private static final int CHUNK = 4096;

    /** Bytes past the end that may be read: one 512-bit vector. */
    private static final int SLACK = 64;

    private static final int ALIGNMENT = 64;

    /** The greatest length: a buffer has 2³¹ − 1 bytes. */
    static final int MOST = (Integer.MAX_VALUE - SLACK - 2 * ALIGNMENT) / Float.BYTES;

    private final ByteBuffer memory;
    private final int offset;
    private final int length;
    private final FloatBuffer all;
    /** Made by the first native call, for who multiplies without natives has no JavaCPP. */
    private Address address;

    /** Its field is final, so that a thread that finds an address finds all of it. */
    private record Address(FloatPointer of) {}

    private Floats(ByteBuffer memory, int offset, int length) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
        this.all = memory.asFloatBuffer();
    }

    /** A vector of zeros; at most 2²⁹ − 49 numbers. */
    public static Floats allocate(int length) {
        // An aligned slice loses bytes at both ends.
        int bytes = Math.addExact(Math.multiplyExact(length, Float.BYTES), SLACK + 2 * ALIGNMENT);
        ByteBuffer memory =
                ByteBuffer.allocateDirect(bytes).alignedSlice(ALIGNMENT).order(ByteOrder.nativeOrder());
        return new Floats(memory, 0, length);
    }

    /** A vector with a copy of the given numbers. */
    public static Floats of(float... values) {
        Floats floats = allocate(values.length);
        floats.set(values);
        return floats;
    }

    /** The numbers {@code [from, from + count)} of this vector, sharing its memory. */
    public Floats view(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return new Floats(memory, offset + from, count);
    }

    public int length() {
        return length;
    }

    /** Where number {@code index} lies in {@link #memory}, in bytes. */
    public int byteOffset(int index) {
        return (offset + index) * Float.BYTES;
    }

    /** The memory of the whole allocation, in native order. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Address of the first number, for native calls. */
    public FloatPointer pointer() {
        Address known = address;
        if (known == null) {
            known = new Address(new FloatPointer(all).getPointer(offset));
            address = known;
        }
        return known.of();
    }

    public float get(int index) {
        Objects.checkIndex(index, length);
        return memory.getFloat(byteOffset(index));
    }

    public void set(int index, float value) {
        Objects.checkIndex(index, length);
        memory.putFloat(byteOffset(index), value);
    }

    /** Overwrites the first {@code values.length} numbers. */
    public void set(float[] values) {
        set(0, values, 0, values.length);
    }

    /** Overwrites this vector with another of the same length. */
    public void set(Floats other) {
        Objects.checkFromIndexSize(0, other.length, length);
        memory.put(byteOffset(0), other.memory, other.byteOffset(0), other.length * Float.BYTES);
    }

    /** Overwrites {@code count} numbers from place {@code index} on with another vector's from place {@code at} on. */
    public void set(int index, Floats from, int at, int count) {
        Objects.checkFromIndexSize(index, count, length);
        Objects.checkFromIndexSize(at, count, from.length);
        memory.put(byteOffset(index), from.memory, from.byteOffset(at), count * Float.BYTES);
    }

    /** Copies {@code count} numbers from place {@code index} on to the heap. */
    public void get(int index, float[] to, int at, int count) {
        Objects.checkFromIndexSize(index, count, length);
        all.get(offset + index, to, at, count);
    }

    /** Overwrites {@code count} numbers from place {@code index} on. */
    public void set(int index, float[] from, int at, int count) {
        Objects.checkFromIndexSize(index, count, length);
        all.put(offset + index, from, at, count);
    }

    /** Overwrites the first {@code count} numbers with the first {@code period} of another vector, over and over. */
    public void repeat(Floats from, int period, int count) {
        set(0, from, 0, period);
        for (int done = period; done < count; done *= 2) {
            set(done, this, 0, Math.min(done, count - done));
        }
    }

    /** Has this vector and another of the same length change their numbers. */
    public void exchange(Floats other) {
        Objects.checkFromIndexSize(0, other.length, length);
        float[] mine = new float[Math.min(length, CHUNK)];
        float[] theirs = new float[mine.length];
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            get(from, mine, 0, count);
            other.get(from, theirs, 0, count);
            set(from, theirs, 0, count);
            other.set(from, mine, 0, count);
        }
    }

    /** Sets all numbers to 0. */
    public void clear() {
        clear(0, length);
    }

    /** Sets {@code count} numbers from place {@code index} on to 0. */
    public void clear(int index, int count) {
        Objects.checkFromIndexSize(index, count, length);
        int end = byteOffset(index + count);
        for (int at = byteOffset(index); at < end; at += ZEROS.capacity()) {
            memory.put(at, ZEROS, 0, Math.min(ZEROS.capacity(), end - at));
        }
    }

    public void fill(float value) {
        for (int i = 0; i < length; i++) {
            memory.putFloat(byteOffset(i), value);
        }
    }

    /** A copy on the heap. */
    public float[] toArray() {
        float[] values = new float[length];
        get(0, values, 0, length);
        return values;
    }
}
