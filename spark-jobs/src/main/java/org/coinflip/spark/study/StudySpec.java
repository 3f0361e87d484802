package org.coinflip.spark.study;

import com.typesafe.config.Config;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * A study and where it goes, as its file says.
 *
 * @param name for people
 * @param seed of every draw
 * @param output folder for all that the job writes, on any Hadoop file system
 * @param overwrite whether an output that exists is replaced
 * @param study what is measured
 */
public record StudySpec(String name, long seed, String output, boolean overwrite, Study study) {
    /** Reads and checks a whole file. */
    public static StudySpec read(Config file) {
        return read(Section.root(file));
    }

    /** Reads and checks a whole file. */
    public static StudySpec read(Section root) {
        String name = root.text("name", "study");
        StudySpec spec = new StudySpec(
                name,
                root.wholeNumber("seed", 1),
                root.text("output", "out/" + name),
                root.flag("overwrite", false),
                Studies.read(root.section("study")));
        root.finish();
        return spec;
    }

    /** Every key with the value in force. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("seed", seed);
        keys.put("output", output);
        keys.put("overwrite", overwrite);
        keys.put("study", study.write());
        return keys;
    }
}
