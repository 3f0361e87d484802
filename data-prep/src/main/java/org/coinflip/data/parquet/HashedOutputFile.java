package org.coinflip.data.parquet;

import java.io.IOException;
import java.security.MessageDigest;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.coinflip.model.storage.Sha256;

/** A new file that is digested as it is written: Parquet writes from the front to the back and never returns. */
final class HashedOutputFile implements OutputFile {
    private final FileSystem fileSystem;
    private final Path path;
    private final MessageDigest digest = Sha256.digest();
    private long length;

    HashedOutputFile(FileSystem fileSystem, Path path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    /** The checksum of what was written; asked once, after the file is closed. */
    String sha256() {
        return Sha256.hex(digest);
    }

    /** Bytes written so far. */
    long length() {
        return length;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Hashed(fileSystem.create(path, false));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
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

    private final class Hashed extends PositionOutputStream {
        private final FSDataOutputStream out;

        Hashed(FSDataOutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return length;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            digest.update((byte) value);
            length++;
        }

        @Override
        public void write(byte[] bytes, int start, int count) throws IOException {
            out.write(bytes, start, count);
            digest.update(bytes, start, count);
            length += count;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
