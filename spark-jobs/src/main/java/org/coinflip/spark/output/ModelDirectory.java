package org.coinflip.spark.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.WholeFile;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.storage.Folder;
import org.coinflip.model.storage.StoredModel;

/** The folder of a {@link StoredModel} on any Hadoop file system. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /** Writes a model under {@code folder} of a run. */
    public static void write(RunDirectory run, String folder, StoredModel model) {
        try {
            model.write(new FolderOfRun(run, folder));
        } catch (IOException e) {
            // a run says itself what it cannot write
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a model to a folder that is no run's. */
    public static void write(String folder, StoredModel model, Configuration conf) throws IOException {
        model.write(new HadoopFolder(folder, conf));
    }

    /**
     * Reads a model.
     *
     * @throws org.coinflip.model.error.DataException where it is missing, damaged or from a newer version
     */
    public static StoredModel read(String folder, Configuration conf) {
        return StoredModel.read(new HadoopFolder(folder, conf));
    }

    private record FolderOfRun(RunDirectory run, String name) implements Folder {
        @Override
        public byte[] read(String file) throws IOException {
            return bytes(run.path(name + "/" + file), run.fileSystem().getConf());
        }

        @Override
        public void write(String file, byte[] content) {
            run.write(name + "/" + file, content);
        }

        @Override
        public String toString() {
            return run.path(name).toString();
        }
    }

    private record HadoopFolder(String name, Configuration conf) implements Folder {
        @Override
        public byte[] read(String file) throws IOException {
            return bytes(new Path(StoredBytes.path(name), file), conf);
        }

        @Override
        public void write(String file, byte[] content) throws IOException {
            Path path = new Path(StoredBytes.path(name), file);
            FileSystem fileSystem = path.getFileSystem(conf);
            fileSystem.mkdirs(path.getParent());
            WholeFile.write(fileSystem, path, out -> out.write(content));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] bytes(Path path, Configuration conf) throws IOException {
        try (FSDataInputStream in = path.getFileSystem(conf).open(path)) {
            return in.readAllBytes();
        }
    }
}
