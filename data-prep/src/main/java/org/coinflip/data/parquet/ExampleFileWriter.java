package org.coinflip.data.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.coinflip.model.example.Examples;
import org.coinflip.model.storage.Sha256;

/**
 * Writes a block of examples as one Parquet file (Zstandard). The same examples give the same bytes in one process, and in another the
 * same but for the order in which Parquet's footer names a column's encodings: nothing of the time, the machine or the path is in the file.
 */
public final class ExampleFileWriter {
    /**
     * What was written.
     *
     * @param bytes the file's length
     * @param sha256 the file's SHA-256, 64 hexadecimal digits
     */
    public record Written(long bytes, String sha256) {}

    private ExampleFileWriter() {}

    /**
     * Writes a new file.
     *
     * @param examples not modified
     * @throws IOException where the file exists or the file system refuses
     */
    public static Written write(FileSystem fileSystem, Path path, Examples examples) throws IOException {
        MessageDigest digest = Sha256.digest();
        long length;
        try (OutputStream out = new DigestOutputStream(fileSystem.create(path, false), digest)) {
            length = write(new StreamedFile(out), fileSystem.getConf(), examples);
        }
        return new Written(length, Sha256.hex(digest));
    }

    private static long write(StreamedFile file, Configuration conf, Examples examples) throws IOException {
        try (ParquetWriter<Integer> writer = new Builder(file, examples)
                .withConf(conf)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withDictionaryEncoding(false)
                .build()) {
            for (int place = 0; place < examples.size(); place++) {
                writer.write(place);
            }
        }
        return file.length();
    }

    private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
        private final Examples examples;

        Builder(OutputFile file, Examples examples) {
            super(file);
            this.examples = examples;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Integer> getWriteSupport(Configuration conf) {
            return new ExampleWriteSupport(examples);
        }
    }
}
