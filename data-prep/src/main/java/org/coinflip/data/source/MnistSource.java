package org.coinflip.data.source;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.file.GzippedOrNot;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.settings.Section;

/**
 * A folder with the four files of MNIST under their original names, each gzipped ({@code .gz}) or not, of ten classes. Ids: the
 * training file's examples 0 … 59999, then the test file's 60000 … 69999. A data set of the same form (Fashion-MNIST) is read too.
 *
 * @param path the folder, any Hadoop path
 */
public record MnistSource(String path) implements RawSource {
    static MnistSource read(Section section) {
        return new MnistSource(section.text("path"));
    }

    @Override
    public SourceType type() {
        return SourceType.MNIST;
    }

    @Override
    public Map<String, Object> keys() {
        return Map.of("path", path);
    }

    @Override
    public boolean hasTestSet() {
        return true;
    }

    /** One in six: 10,000 of MNIST's 60,000. */
    @Override
    public int heldOutByDefault(int examples) {
        return Math.max(1, examples / 6);
    }

    @Override
    public RawData read(Configuration conf) {
        Path folder = StoredBytes.path(path);
        String trainImages = file(folder, "train-images-idx3-ubyte", conf);
        String trainLabels = file(folder, "train-labels-idx1-ubyte", conf);
        String testImages = file(folder, "t10k-images-idx3-ubyte", conf);
        String testLabels = file(folder, "t10k-labels-idx1-ubyte", conf);
        return new IdxSource(
                        trainImages,
                        Optional.of(trainLabels),
                        Optional.of(testImages),
                        Optional.of(testLabels),
                        OptionalInt.of(10))
                .read("mnist", conf);
    }

    private static String file(Path folder, String name, Configuration conf) {
        return GzippedOrNot.file(folder, name, "the four files of MNIST", conf);
    }
}
