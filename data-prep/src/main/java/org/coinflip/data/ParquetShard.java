package org.coinflip.data;

import java.util.Map;
import org.coinflip.data.parquet.ExampleFileReader;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.storage.Sha256;

/**
 * One Parquet file of prepared data. The file is read once, whole; what is decoded is what the checksum was taken of.
 *
 * @param path the file, any Hadoop path
 * @param expected what the manifest says of it
 * @param description what the manifest says of the data
 * @param schema what its examples have, as the manifest says
 * @param settings Hadoop's settings, see {@link HadoopSettings}
 */
record ParquetShard(
        String path, ShardFile expected, Description description, ExampleSchema schema, Map<String, String> settings)
        implements ExampleShard {
    /** What a number of a projection's list takes when it is written. */
    private static final int BYTES_OF_A_WEIGHT = 10;

    @Override
    public int size() {
        return expected.examples();
    }

    @Override
    public long featureBytes() {
        return schema.form().bytes(size(), description.width(), expected.entries());
    }

    @Override
    public long sharedBytes() {
        return (long) BYTES_OF_A_WEIGHT
                * description.transformation().projection().weights().size();
    }

    @Override
    public Examples read() {
        byte[] content = StoredBytes.read(
                StoredBytes.path(path), "a shard of prepared data", HadoopSettings.configuration(settings));
        String sha256 = Sha256.hex(content);
        if (!sha256.equals(expected.sha256())) {
            throw new DataException(path + ": is damaged: got SHA-256 " + sha256 + ", expected " + expected.sha256()
                    + " as " + Manifest.FILE + " says: prepare the data again");
        }
        Examples examples = ExampleFileReader.read(
                path, content, description.width(), description.classes(), description.transformation());
        if (examples.size() != size()) {
            throw new DataException(path + ": got " + examples.size() + " examples, expected " + size() + " as "
                    + Manifest.FILE + " says: prepare the data again");
        }
        if (!ExampleSchema.of(examples).equals(schema)
                || (schema.form() == Features.Form.SPARSE && examples.features().entries() != expected.entries())) {
            throw new DataException(
                    path + ": got features as " + examples.features().form() + ", "
                            + examples.features().entries() + " of them not 0, expected " + schema.form() + ", "
                            + expected.entries() + " listed, and values and weights as " + Manifest.FILE
                            + " says: prepare the data again");
        }
        return examples;
    }
}
