package org.coinflip.data.source;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;

/** A folder with the three files that {@code matlab} reads. */
record MatFolder(Path path) {
    static float[] numbers(RawExamples examples) {
        float[] numbers = new float[examples.size() * examples.width()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = examples.feature(k / examples.width(), k % examples.width());
        }
        return numbers;
    }

    void write(byte[] train, byte[] valid, byte[] test) {
        IdxBytes.write(path, "train.mat", train);
        IdxBytes.write(path, "valid.mat", valid);
        IdxBytes.write(path, "test.mat", test);
    }

    /** A training file alone. */
    RawData read(byte[] train, String keys) {
        IdxBytes.write(path, "train.mat", train);
        return source("valid = none, test = none" + (keys.isEmpty() ? "" : ", " + keys))
                .read(new Configuration());
    }

    MatlabSource source(String keys) {
        return (MatlabSource) Specs.of(section(keys)).source();
    }

    String section(String keys) {
        return "source = matlab, path = \"" + path + "\"" + (keys.isEmpty() ? "" : ", " + keys);
    }
}
