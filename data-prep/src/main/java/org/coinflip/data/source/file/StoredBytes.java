package org.coinflip.data.source.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;

/** A whole file of any Hadoop file system, read into memory. What is missing, a directory, empty or too long is refused by name. */
public final class StoredBytes {
    /** The longest array that every Java machine allocates. */
    private static final int LONGEST = Integer.MAX_VALUE - 16;

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

    private StoredBytes() {}

    /**
     * The file's content.
     *
     * @param path any Hadoop path
     * @param expected what the file should be, for messages: "an IDX file of images"
     * @throws DataException where there is no such file, or it is a directory, empty, over 2 GiB or unreadable
     */
    public static byte[] read(Path path, String expected, Configuration conf) {
        try {
            FileSystem fileSystem = fileSystem(path, conf);
            FileStatus status = fileSystem.getFileStatus(path);
            if (status.isDirectory()) {
                throw new DataException(path + ": is a directory, expected " + expected + ": give the path of a file");
            }
            if (status.getLen() == 0) {
                throw new DataException(path + ": is empty (0 bytes), expected " + expected + ": fetch the file again");
            }
            if (status.getLen() > LONGEST) {
                throw new DataException(path + ": has " + status.getLen() + " bytes, expected at most " + LONGEST
                        + ": divide the file");
            }
            byte[] content = new byte[(int) status.getLen()];
            try (FSDataInputStream in = open(path, fileSystem)) {
                in.readFully(content);
            }
            return content;
        } catch (FileNotFoundException e) {
            throw new DataException(path + ": no such file, expected " + expected + ": correct the path", e);
        } catch (ChecksumException e) {
            throw new DataException(
                    path + ": is damaged: its bytes disagree with the file system's checksum, expected " + expected
                            + ": fetch or prepare it again",
                    e);
        } catch (IOException e) {
            throw new DataException(
                    path + ": cannot be read (" + firstLine(e) + "), expected " + expected
                            + ": check the file system and the permissions",
                    e);
        }
    }

    /** A resource of this module, whole. */
    public static byte[] resource(String name) {
        try (InputStream in = StoredBytes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is not in this build of data-prep");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("resource " + name + " of this build cannot be read", e);
        }
    }

    /** The file system that a path lies in. */
    public static FileSystem fileSystem(Path path, Configuration conf) throws IOException {
        try {
            return path.getFileSystem(conf);
        } catch (UnsupportedFileSystemException e) {
            throw new UsageException(
                    path + ": got the scheme " + path.toUri().getScheme()
                            + ", expected one that Hadoop has a file system for: correct the path or add the file system's jar",
                    e);
        }
    }

    /** Opens a file for reading. */
    public static FSDataInputStream open(Path path, FileSystem fileSystem) throws IOException {
        // Hadoop looks for its checksums in a file of a name that it parses again, which fails on a colon
        boolean unnameable = path.getName().contains(":") && fileSystem instanceof ChecksumFileSystem;
        return (unnameable ? ((ChecksumFileSystem) fileSystem).getRawFileSystem() : fileSystem).open(path);
    }

    /**
     * A path as the user wrote it: with a scheme where it begins with a name, a colon and a slash ({@code hdfs://host/data}), else a
     * name of the default file system in which a colon is a character as any ({@code 2026-11-28T05:37:12}). Whatever a user names is made
     * a path here; {@code new Path(text)} takes what is before a colon for a scheme.
     */
    public static Path path(String written) {
        if (written.equals("~") || written.startsWith("~/")) {
            throw new UsageException(
                    "got \"" + written + "\", expected a path without ~, which the shell did not replace"
                            + " here: write $HOME" + written.substring(1) + " instead");
        }
        try {
            return written.contains(":") && !SCHEME.matcher(written).lookingAt()
                    ? new Path(null, null, written)
                    : new Path(written);
        } catch (IllegalArgumentException e) {
            throw new UsageException("got \"" + written + "\", expected a Hadoop path: " + firstLine(e), e);
        }
    }

    /** The first line of a failure of the file system, whose messages may go on for many. */
    public static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse(failure.getClass().getSimpleName());
    }
}
