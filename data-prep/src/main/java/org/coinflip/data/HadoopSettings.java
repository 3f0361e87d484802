package org.coinflip.data;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** The settings of a Hadoop configuration as a map that travels: those that did not come from Hadoop's own default files. */
public final class HadoopSettings {
    private static final String DEFAULTS = "-default.xml";

    private HadoopSettings() {}

    public static Map<String, String> of(Configuration conf) {
        Map<String, String> settings = new TreeMap<>();
        for (Map.Entry<String, String> entry : conf) {
            String[] origins = conf.getPropertySources(entry.getKey());
            if (origins == null || origins.length == 0 || !origins[origins.length - 1].endsWith(DEFAULTS)) {
                settings.put(entry.getKey(), entry.getValue());
            }
        }
        return settings;
    }

    /** A configuration with this machine's defaults and these settings. */
    public static Configuration configuration(Map<String, String> settings) {
        Configuration conf = new Configuration();
        settings.forEach(conf::set);
        return conf;
    }
}
