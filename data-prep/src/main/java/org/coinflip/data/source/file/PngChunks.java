package org.coinflip.data.source.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.coinflip.model.error.DataException;

/** The chunks that a PNG file is made of, each under a checksum, which the JDK's decoder does not look at (PNG, third edition, §5). */
final class PngChunks {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int END = 0x49454E44;
    /** Length, type and checksum. */
    private static final int ABOUT_DATA = 12;

    private PngChunks() {}

    static boolean isPng(byte[] file) {
        return file.length >= SIGNATURE.length
                && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /**
     * Refuses a file that lacks its end or has other bytes than were written.
     *
     * @param path the file, for messages
     */
    static void requireWhole(String path, byte[] file) {
        ByteBuffer chunks = ByteBuffer.wrap(file).position(SIGNATURE.length);
        int type = 0;
        while (type != END) {
            int start = chunks.position();
            if (chunks.remaining() < ABOUT_DATA) {
                throw refused(path, "ends at byte " + file.length + " within its chunks");
            }
            int length = chunks.getInt();
            type = chunks.getInt();
            if (length < 0 || length > chunks.remaining() - Integer.BYTES) {
                throw refused(path, "ends at byte " + file.length + " within its chunks");
            }
            CRC32 sum = new CRC32();
            sum.update(file, start + Integer.BYTES, Integer.BYTES + length);
            chunks.position(chunks.position() + length);
            if (chunks.getInt() != (int) sum.getValue()) {
                throw refused(path, "the chunk at byte " + start + " disagrees with its checksum");
            }
        }
    }

    private static DataException refused(String path, String why) {
        return new DataException(path + ": " + why + ", expected a whole PNG file: fetch it again");
    }
}
