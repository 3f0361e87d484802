package org.coinflip.data.source.file;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;

/** One source file, read once from its beginning to its end, decompressed where it is a gzip stream, with the checksum of the file as it was stored. */
public final class SourceStream implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final String expected;
    private final Stored stored;
    private final Told content;

    /**
     * Opens a file.
     *
     * @param expected what it should be, for messages: "a CSV file of numbers"
     * @throws DataException where there is no such file, or it is a directory, empty or unreadable
     */
    public SourceStream(Path path, String expected, Configuration conf) {
        this.path = path;
        this.expected = expected;
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(path, conf);
            FileStatus status = fileSystem.getFileStatus(path);
            if (status.isDirectory()) {
                throw new DataException(path + ": is a directory, expected " + expected + ": give the path of a file");
            }
            if (status.getLen() == 0) {
                throw new DataException(path + ": is empty (0 bytes), expected " + expected + ": fetch the file again");
            }
            this.stored = new Stored(new BufferedInputStream(StoredBytes.open(path, fileSystem), BUFFER));
        } catch (IOException e) {
            throw refused(e);
        }
        try {
            this.content = new Told(isGzip() ? new GZIPInputStream(stored, BUFFER) : stored);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private boolean isGzip() throws IOException {
        stored.mark(2);
        boolean isGzip = stored.read() == 0x1F && stored.read() == 0x8B;
        stored.reset();
        return isGzip;
    }

    /** The decompressed bytes. */
    public InputStream content() {
        return content;
    }

    /** The file as it was stored; reads what is left of it. */
    public SourceFile file() {
        try {
            content.transferTo(java.io.OutputStream.nullOutputStream());
            stored.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw refused(e);
        }
        return new SourceFile(path.getName(), stored.count, Sha256.hex(stored.digest));
    }

    /** Throws what kept the content from being read, where something did: readers of formats call that something else. */
    public void requireRead() {
        if (content.failure != null) {
            throw refused(content.failure);
        }
    }

    private DataException refused(IOException e) {
        if (e instanceof FileNotFoundException) {
            return new DataException(path + ": no such file, expected " + expected + ": correct the path", e);
        }
        if (e instanceof ChecksumException) {
            return new DataException(
                    path + ": is damaged: its bytes disagree with the file system's checksum, expected " + expected
                            + ": fetch it again",
                    e);
        }
        if (e instanceof ZipException || e instanceof EOFException) {
            return new DataException(
                    path + ": the gzip stream is truncated or damaged after " + stored.count
                            + " bytes, expected a whole stream: fetch the file again",
                    e);
        }
        return new DataException(
                path + ": cannot be read (" + StoredBytes.firstLine(e) + "), expected " + expected
                        + ": check the file system and the permissions",
                e);
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Counts and digests what passes; what was read ahead and put back is counted once. */
    private static final class Stored extends FilterInputStream {
        private final MessageDigest digest = Sha256.digest();
        private long count;
        private boolean isMarked;

        Stored(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0 && !isMarked) {
                digest.update((byte) value);
                count++;
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int start, int most) throws IOException {
            int got = in.read(bytes, start, most);
            if (got > 0) {
                digest.update(bytes, start, got);
                count += got;
            }
            return got;
        }

        @Override
        public void mark(int most) {
            isMarked = true;
            in.mark(most);
        }

        @Override
        public void reset() throws IOException {
            isMarked = false;
            in.reset();
        }
    }

    /** Keeps what went wrong. */
    private static final class Told extends FilterInputStream {
        private IOException failure;

        Told(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public int read(byte[] bytes, int start, int most) throws IOException {
            try {
                return in.read(bytes, start, most);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
