package org.coinflip.spark.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under {@code fragile:///…} whose changes are counted, and go wrong from a certain one on: either nothing happens any more, as when
 * the process is gone (a file being written stays half), or nothing more can be written, as when the disk is full. In tests that use it one at a time.
 */
public final class FragileFileSystem extends RawLocalFileSystem {
    /** What happens at the change that goes wrong, and at all after it. */
    public enum End {
        /** Nothing is changed any more. */
        GONE,
        /** Nothing is written any more; files can be removed and renamed. */
        FULL
    }

    /** Hadoop makes the file systems, so that what they share can be nowhere else. */
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

    private static volatile End end = End.GONE;

    /** Lets so many changes happen. */
    public static void breakAfter(int changes, End how) {
        LEFT.set(changes);
        end = how;
    }

    /** How many changes happened since {@code breakAfter(Integer.MAX_VALUE, …)}. */
    public static int changes() {
        return Integer.MAX_VALUE - LEFT.get();
    }

    @Override
    public URI getUri() {
        return URI.create("fragile:///");
    }

    @Override
    public String getScheme() {
        return "fragile";
    }

    private static boolean isBroken() {
        return LEFT.getAndDecrement() <= 0;
    }

    private static void change(boolean writes) throws IOException {
        if (isBroken() && (writes || end == End.GONE)) {
            throw new IOException(end == End.GONE ? "the process is gone" : "No space left on device");
        }
    }

    /** What files that are made without permissions go through; the local file system does not pass them on to the other. */
    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int buffer, short replication, long block, Progressable progress)
            throws IOException {
        return create(file, FsPermission.getFileDefault(), overwrite, buffer, replication, block, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long block,
            Progressable progress)
            throws IOException {
        change(true);
        OutputStream whole = super.create(file, permission, overwrite, buffer, replication, block, progress);
        return new FSDataOutputStream(
                new FilterOutputStream(whole) {
                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        if (isBroken()) {
                            out.write(bytes, from, count / 2);
                            out.flush();
                            throw new IOException(end == End.GONE ? "the process is gone" : "No space left on device");
                        }
                        out.write(bytes, from, count);
                    }
                },
                null);
    }

    @Override
    public boolean mkdirs(Path folder) throws IOException {
        change(true);
        return super.mkdirs(folder);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change(false);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change(false);
        return super.delete(path, recursive);
    }
}
