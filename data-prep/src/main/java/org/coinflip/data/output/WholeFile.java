package org.coinflip.data.output;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.coinflip.data.source.file.StoredBytes;

/**
 * A file that is there whole or not at all: written beside its place under a name of its own, then renamed. On local file systems and HDFS
 * the rename replaces an older file in one step; on an object store it copies, and what reads such a file there must check it.
 */
public final class WholeFile {
    /** Writes the content of a file. */
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    private WholeFile() {}

    /** Writes a file, in the place of an older one where there is one. */
    public static void write(FileSystem fileSystem, Path target, Content content) throws IOException {
        Path unfinished = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
        try {
            writeAndClose(fileSystem.create(unfinished, true), content);
            replace(fileSystem, unfinished, target);
        } catch (FSError e) {
            IOException failure = failure(e);
            discard(fileSystem, unfinished, failure);
            throw failure;
        } catch (IOException | RuntimeException e) {
            discard(fileSystem, unfinished, e);
            throw e;
        }
    }

    /** What Hadoop's local file system throws where a disk is full, as what it is. */
    public static IOException failure(FSError e) {
        return new IOException(StoredBytes.firstLine(e.getCause() == null ? e : e.getCause()), e);
    }

    private static void writeAndClose(FSDataOutputStream out, Content content) throws IOException {
        try {
            content.write(out);
            if (out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
        } catch (IOException | RuntimeException | FSError e) {
            try {
                out.close();
            } catch (IOException | FSError closing) {
                // HDFS throws what it threw before, which cannot be suppressed in itself
                if (closing != e) {
                    e.addSuppressed(closing);
                }
            }
            throw e;
        }
        out.close();
    }

    private static void replace(FileSystem fileSystem, Path from, Path to) throws IOException {
        if (renamed(fileSystem, from, to)) {
            return;
        }
        Configuration conf = fileSystem.getConf();
        try {
            // HDFS does not rename onto a file unless it is told to
            FileContext.getFileContext(fileSystem.getUri(), conf).rename(from, to, Options.Rename.OVERWRITE);
        } catch (UnsupportedFileSystemException e) {
            fileSystem.delete(to, false);
            if (!renamed(fileSystem, from, to)) {
                throw new IOException(to.getName() + " could not be renamed into place", e);
            }
        }
    }

    private static boolean renamed(FileSystem fileSystem, Path from, Path to) throws IOException {
        try {
            return fileSystem.rename(from, to);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Cleaning up never hides what went wrong. */
    private static void discard(FileSystem fileSystem, Path unfinished, Exception cause) {
        try {
            fileSystem.delete(unfinished, false);
        } catch (IOException | FSError e) {
            cause.addSuppressed(e);
        }
    }
}
