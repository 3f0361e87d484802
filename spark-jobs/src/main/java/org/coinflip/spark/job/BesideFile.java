package org.coinflip.spark.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.FileList;
import org.coinflip.data.source.file.StoredBytes;

/** Data that an experiment file names by a path from its own folder: where nothing is there from the folder that the job runs in, it is looked for beside the file. */
final class BesideFile {
    private static final List<String> KEYS = List.of(
            "data.path", "data.images", "data.labels", "data.test-images", "data.test-labels", "data.test-path");

    private BesideFile() {}

    /**
     * The settings with paths that lead to what is there; what is nowhere stays as it was written.
     *
     * @param file the experiment file
     * @param config resolved
     * @param overridden keys of the command line, whose paths are from where it was typed
     */
    static Config found(String file, Config config, List<String> overridden, Configuration conf) {
        Path folder = StoredBytes.path(file).getParent();
        Config all = config;
        for (String key : KEYS) {
            boolean isOfFile =
                    config.hasPath(key) && overridden.stream().noneMatch(k -> k.equals("data") || k.equals(key));
            if (folder != null && isOfFile && config.getValue(key).valueType() == ConfigValueType.STRING) {
                String written = config.getString(key);
                if (isRelative(written) && !FileList.isThere(written, conf)) {
                    String beside = folder + "/" + written;
                    all = FileList.isThere(beside, conf) ? all.withValue(key, text(beside)) : all;
                }
            }
        }
        return all;
    }

    private static boolean isRelative(String written) {
        Path path = StoredBytes.path(written);
        return path.toUri().getScheme() == null && !path.isUriPathAbsolute();
    }

    private static ConfigValue text(String value) {
        return ConfigValueFactory.fromAnyRef(value);
    }
}
