package org.coinflip.data.parquet;

import java.io.ByteArrayInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file's content in memory, for Parquet to read from. The content is not copied and not modified. */
final class MemoryInputFile implements InputFile {
    private final byte[] content;

    MemoryInputFile(byte[] content) {
        this.content = content;
    }

    @Override
    public long getLength() {
        return content.length;
    }

    @Override
    public SeekableInputStream newStream() {
        Positioned in = new Positioned(content);
        return new DelegatingSeekableInputStream(in) {
            @Override
            public long getPos() {
                return in.position();
            }

            @Override
            public void seek(long position) {
                in.seek(Math.toIntExact(position));
            }
        };
    }

    private static final class Positioned extends ByteArrayInputStream {
        Positioned(byte[] content) {
            super(content);
        }

        synchronized int position() {
            return pos;
        }

        synchronized void seek(int position) {
            if (position < 0 || position > count) {
                throw new IllegalArgumentException("got position " + position + ", expected 0 to " + count);
            }
            pos = position;
        }
    }
}
