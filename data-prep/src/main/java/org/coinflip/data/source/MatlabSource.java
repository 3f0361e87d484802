package org.coinflip.data.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.data.source.file.GzippedOrNot;
import org.coinflip.data.source.file.MatExamples;
import org.coinflip.data.source.file.MatFile;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * A folder of MAT-files, each gzipped or not, of a matrix examples × features in each, and of their labels where a variable has them. Ids count the training file's examples from 0, then the validation
 * file's, then the test file's. Where all numbers are 0 or 1, features are bits; where the matrices are of class uint8, bytes; else floats.
 *
 * @param path the folder, any Hadoop path
 * @param train name of the training file
 * @param valid name of the validation file; absent where the split takes validation examples from the training file
 * @param test name of the test file; absent where the split takes test examples from the training file
 * @param variable name of the matrix; absent where it is the only one
 * @param labelVariable name of the labels, a row or a column; absent where there are none
 * @param image how features are a picture, row by row
 * @param classes number of classes; where absent, the labels that there are decide
 */
public record MatlabSource(
        String path,
        String train,
        Optional<String> valid,
        Optional<String> test,
        Optional<String> variable,
        Optional<String> labelVariable,
        ImageShape image,
        OptionalInt classes)
        implements RawSource {
    private static final String NONE = "none";

    static MatlabSource read(Section section) {
        Optional<String> valid = fileOrNone(section, "valid", "valid.mat");
        Optional<String> test = fileOrNone(section, "test", "test.mat");
        if (valid.isPresent() && test.isEmpty()) {
            throw section.wrong("valid", "none: without a test file the split takes validation examples, too");
        }
        return new MatlabSource(
                section.text("path"),
                section.text("train", "train.mat"),
                valid,
                test,
                section.optionalText("variable"),
                section.optionalText("label-variable"),
                ImageShape.read(section).orElse(ImageShape.NONE),
                ClassCount.read(section));
    }

    private static Optional<String> fileOrNone(Section section, String key, String byDefault) {
        return Optional.of(section.text(key, byDefault)).filter(name -> !name.equals(NONE));
    }

    @Override
    public SourceType type() {
        return SourceType.MATLAB;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("train", train);
        keys.put("valid", valid.orElse(NONE));
        keys.put("test", test.orElse(NONE));
        variable.ifPresent(name -> keys.put("variable", name));
        labelVariable.ifPresent(name -> keys.put("label-variable", name));
        if (!image.equals(ImageShape.NONE)) {
            keys.put("rows", image.rows());
            keys.put("columns", image.columns());
        }
        classes.ifPresent(count -> keys.put("classes", count));
        return keys;
    }

    @Override
    public boolean hasValidationSet() {
        return valid.isPresent();
    }

    @Override
    public boolean hasTestSet() {
        return test.isPresent();
    }

    @Override
    public boolean isLabelled() {
        return labelVariable.isPresent();
    }

    @Override
    public RawData read(Configuration conf) {
        List<MatFile> files = new ArrayList<>(List.of(file(train, conf)));
        valid.ifPresent(name -> files.add(file(name, conf)));
        test.ifPresent(name -> files.add(file(name, conf)));
        requireAlike(files);
        MatExamples examples = MatExamples.of(files, test.isPresent(), classes, isLabelled());
        return new RawData(
                "matlab",
                examples.classes().classes(),
                new Naming(
                        List.of(),
                        examples.classes().numbers(),
                        examples.classes().names()),
                examples.unresolved(),
                image,
                examples.development(),
                examples.test(),
                files.stream().map(MatFile::file).toList(),
                valid.map(name -> given(files.get(0), files.get(1))),
                IdTexts.NONE);
    }

    private MatFile file(String name, Configuration conf) {
        String file = GzippedOrNot.file(StoredBytes.path(path), name, "MAT-files", conf);
        return MatFile.read(file, variable, labelVariable, conf);
    }

    private void requireAlike(List<MatFile> files) {
        int width = files.get(0).matrix().columns();
        for (MatFile file : files) {
            if (file.matrix().columns() != width) {
                throw new DataException(file.path() + ": got examples of "
                        + file.matrix().columns() + " features, expected " + width + " as in "
                        + files.get(0).path() + ": give the files of one data set, examples × features");
            }
        }
        if (!image.equals(ImageShape.NONE) && image.features() != width) {
            throw new DataException(files.get(0).path() + ": got examples of " + width + " features, expected "
                    + image.features() + " as data.rows × data.columns: correct either");
        }
    }

    /** The split of each development example, as the files say. */
    private static SplitKeys given(MatFile training, MatFile validation) {
        int first = training.matrix().rows();
        long[] keys = new long[first + validation.matrix().rows()];
        Arrays.fill(keys, 0, first, SplitKeys.TRAIN);
        Arrays.fill(keys, first, keys.length, SplitKeys.VALID);
        return new SplitKeys(SplitKeys.Kind.COLUMN, keys);
    }
}
