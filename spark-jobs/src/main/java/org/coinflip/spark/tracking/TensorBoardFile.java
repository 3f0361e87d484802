package org.coinflip.spark.tracking;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.coinflip.spark.output.RunDirectory;

/**
 * A training as scalars that TensorBoard draws: a file of TensorFlow's records, each an {@code Event} of {@code event.proto} with one {@code Summary.Value} a point. The protocol's fields that are
 * written are few and have not changed since 2015, so they are written here; TensorFlow's own classes for Java bring its runtime along.
 */
final class TensorBoardFile implements Watcher {
    /** TensorBoard finds files by this part of their name. */
    static final String NAME = "tensorboard/events.out.tfevents.0.coinflip";

    private static final int MASK = 0xa282ead8;
    private static final int MASK_SHIFT = 15;

    /** Kinds of fields of protocol buffers: what follows a field's number. */
    private static final int VARINT = 0;

    private static final int FIXED64 = 1;
    private static final int LENGTH_AND_BYTES = 2;
    private static final int FIXED32 = 5;

    private final RunDirectory.Lines file;

    TensorBoardFile(RunDirectory folder) {
        file = folder.lines(NAME);
        file.add(version(System.currentTimeMillis()));
    }

    /** The record that a file begins with. */
    static byte[] version(long millis) {
        return record(event(millis, 0, bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8))));
    }

    /** The record of a point. */
    static byte[] scalar(Point point) {
        return record(event(point.millis(), point.step(), bytes(5, summary(point))));
    }

    @Override
    public void take(List<Point> points) {
        points.forEach(point -> file.add(scalar(point)));
    }

    @Override
    public void ended(List<Point> points, Map<String, String> words) {
        take(points);
    }

    /** {@code wall_time} is field 1, in seconds, {@code step} 2, {@code file_version} 3 and {@code summary} 5. */
    private static byte[] event(long millis, long step, byte[] what) {
        Message event = new Message();
        event.fixed64(1, Double.doubleToRawLongBits(millis / 1e3));
        if (step != 0) {
            event.varint(2, step);
        }
        event.out.writeBytes(what);
        return event.out.toByteArray();
    }

    /** A {@code Summary}, whose field 1 is a {@code Value}: {@code tag} is its field 1 and {@code simple_value}, a float, its 2. */
    private static byte[] summary(Point point) {
        Message value = new Message();
        value.bytes(1, point.name().getBytes(StandardCharsets.UTF_8));
        value.fixed32(2, Float.floatToRawIntBits((float) point.value()));
        return bytes(1, value.out.toByteArray());
    }

    private static byte[] bytes(int field, byte[] content) {
        Message message = new Message();
        message.bytes(field, content);
        return message.out.toByteArray();
    }

    /** A message of protocol buffers as it comes to be. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void number(long value) {
            long left = value;
            for (; (left & ~0x7fL) != 0; left >>>= 7) {
                out.write((int) (left & 0x7f | 0x80));
            }
            out.write((int) left);
        }

        private void tag(int field, int kind) {
            number(field << 3 | kind);
        }

        private void varint(int field, long value) {
            tag(field, VARINT);
            number(value);
        }

        private void fixed64(int field, long bits) {
            tag(field, FIXED64);
            out.writeBytes(little(Long.BYTES).putLong(bits).array());
        }

        private void fixed32(int field, int bits) {
            tag(field, FIXED32);
            out.writeBytes(little(Integer.BYTES).putInt(bits).array());
        }

        private void bytes(int field, byte[] content) {
            tag(field, LENGTH_AND_BYTES);
            number(content.length);
            out.writeBytes(content);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its length in eight bytes, their checksum, the event and its checksum. */
    private static byte[] record(byte[] event) {
        byte[] length = little(Long.BYTES).putLong(event.length).array();
        return little(length.length + event.length + 2 * Integer.BYTES)
                .put(length)
                .putInt(masked(length))
                .put(event)
                .putInt(masked(event))
                .array();
    }

    /** The checksum of TensorFlow's records: CRC-32C, turned and moved, so that the checksum of what has checksums in it is of use. */
    private static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        int value = (int) crc.getValue();
        return (value >>> MASK_SHIFT | value << Integer.SIZE - MASK_SHIFT) + MASK;
    }

    @Override
    public void close() {
        file.close();
    }
}
