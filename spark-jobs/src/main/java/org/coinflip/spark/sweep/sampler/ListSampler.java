package org.coinflip.spark.sweep.sampler;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.space.Configuration;

/** Configurations that are written down, in their order. Where each has a {@code name} of its own, that is what tables tell of it. */
final class ListSampler implements Sampler {
    private static final String NAME = "name";

    private final List<Configuration> configurations = new ArrayList<>();

    ListSampler(List<? extends ConfigObject> written) {
        if (written.isEmpty()) {
            throw new UsageException("sweep.sampler.configurations: got none, expected a list [ { key = value }, … ]");
        }
        List<Map<String, Object>> all = new ArrayList<>();
        for (ConfigObject object : written) {
            Map<String, Object> settings = new TreeMap<>();
            for (Map.Entry<String, ConfigValue> entry : object.toConfig().entrySet()) {
                settings.put(
                        String.join(".", ConfigUtil.splitPath(entry.getKey())).replace("\"", ""),
                        entry.getValue().unwrapped());
            }
            all.add(settings);
        }
        boolean named =
                all.stream().map(settings -> settings.get(NAME)).distinct().count() == all.size();
        for (Map<String, Object> settings : all) {
            Map<String, Object> values = new TreeMap<>();
            settings.forEach((path, value) -> {
                if (!named || path.equals(NAME)) {
                    values.put(
                            path, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
                }
            });
            configurations.add(new Configuration(new double[0], values, settings));
        }
    }

    @Override
    public long size() {
        return configurations.size();
    }

    @Override
    public Configuration configuration(int number) {
        return configurations.get(number);
    }
}
