package org.coinflip.data.parquet;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A stream that Parquet writes a file to, from the front to the back; it is its owner's to close. */
public final class StreamedFile implements OutputFile {
    private final OutputStream out;
    private long length;

    public StreamedFile(OutputStream out) {
        this.out = out;
    }

    /** Bytes written so far. */
    long length() {
        return length;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return new Counted();
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    private final class Counted extends DelegatingPositionOutputStream {
        Counted() {
            super(out);
        }

        @Override
        public long getPos() {
            return length;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            length++;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            write(bytes, 0, bytes.length);
        }

        @Override
        public void write(byte[] bytes, int start, int count) throws IOException {
            out.write(bytes, start, count);
            length += count;
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
