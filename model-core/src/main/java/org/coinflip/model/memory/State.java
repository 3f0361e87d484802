package org.coinflip.model.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;

/**
 * All that training changes, in one contiguous vector: parameters, statistics, the updater's memory. Averaging, checkpoints, hashes
 * and updaters act on the vector, layers on their segments' views. Belongs to one thread at a time.
 */
public final class State {
    private final Layout layout;
    private final Floats values;

    /** A state of zeros. */
    public State(Layout layout) {
        if (layout.length() > Floats.MOST) {
            throw new UsageException("network: got " + layout.length()
                    + " numbers with what the updater keeps, expected at most " + Floats.MOST
                    + ": make layers smaller, or take an updater that keeps less");
        }
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

    /** Overwrites what is trained with that of another state, laid out in any way. */
    public void setParameters(State other) {
        other.layout.copyParameters(0, other.values, layout, 0, values);
    }

    /** Where steps are taken, of a layout {@linkplain Layout#withIterate with it}. */
    public Floats iterate() {
        return view(Layout.ITERATE);
    }

    /** Has the iterate, where there is one, begin where the parameters are. */
    public void beginIterate() {
        if (layout.hasIterate()) {
            iterate().set(parameters());
        }
    }

    /** Has the iterate, where there is one, and the parameters change places. */
    public void exchangeIterate() {
        if (layout.hasIterate()) {
            parameters().exchange(iterate());
        }
    }

    /** Overwrites the segments that this state and another begin with alike, laid out in any way; the shorter has no others. */
    public void set(State other) {
        set(other.layout, other.values);
    }

    /** Overwrites this state with numbers of the same segments laid out otherwise. */
    public void set(Layout of, Floats numbers) {
        of.copy(numbers, layout, values);
    }

    /** Copies this state to numbers of the same segments laid out otherwise. */
    public void get(Layout of, Floats numbers) {
        layout.copy(values, of, numbers);
    }

    /** A segment's numbers, with the padding of its rows. */
    public Floats view(Segment segment) {
        return values.view(segment.offset(), segment.length());
    }

    public Floats view(String segment) {
        return view(layout.segment(segment));
    }

    public Matrix matrix(Segment segment) {
        return Matrix.of(segment, view(segment));
    }

    /** The matrices of a segment that lie one under the other. */
    public Stream<Matrix> blocks(Segment segment) {
        return IntStream.range(0, segment.blocks()).mapToObj(i -> matrix(segment.block(i)));
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

    /** SHA-256 of the parameters' little-endian bytes, segment by segment and row by row, in hexadecimal. */
    public String parametersSha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Segment segment : layout.segments()) {
                ByteBuffer row =
                        ByteBuffer.allocate(segment.columns() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int r = 0; segment.isParameter() && r < segment.rows(); r++) {
                    row.clear();
                    for (int j = 0; j < segment.columns(); j++) {
                        row.putFloat(values.get(segment.offset() + r * segment.stride() + j));
                    }
                    digest.update(row.array());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
