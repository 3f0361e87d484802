package org.coinflip.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * A file of LIBSVM's form, plain or gzipped: a line an example, {@code label index:value index:value … # comment}, indices from 1, ascending; what has no index is 0.
 * {@code qid:N} is read over. Id: the place of the example, from 0, empty lines not counted. Labels are whole numbers; where one is negative (−1 and
 * 1), they are the names of classes.
 *
 * @param path any Hadoop path of one file
 * @param features how many there are; where absent, the greatest index
 * @param classes number of classes; where absent, the labels that there are decide, see {@link ClassCount}
 * @param isLabelled whether the first number of a line is a label that counts
 */
public record LibsvmSource(String path, OptionalInt features, OptionalInt classes, boolean isLabelled)
        implements RawSource {
    static final int MOST_FEATURES = 1 << 24;

    static LibsvmSource read(Section section) {
        return new LibsvmSource(
                section.text("path"),
                section.optionalInteger("features", 1, MOST_FEATURES),
                ClassCount.read(section),
                section.flag("labelled", true));
    }

    @Override
    public SourceType type() {
        return SourceType.LIBSVM;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        features.ifPresent(count -> keys.put("features", count));
        classes.ifPresent(count -> keys.put("classes", count));
        if (!isLabelled) {
            keys.put("labelled", false);
        }
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    @Override
    public RawData read(Configuration conf) {
        SourceContent content = SourceContent.read(path, "a file of LIBSVM's form", conf);
        LibsvmFile file = new LibsvmFile(this, content);
        RawExamples examples = file.read();
        return new RawData(
                "libsvm",
                file.classes().classes(),
                new Naming(List.of(), file.classes().numbers(), file.classes().names()),
                file.unresolved(),
                ImageShape.NONE,
                examples,
                Optional.empty(),
                List.of(content.file()));
    }
}
