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

/** Configurations that are written down, in their order. */
final class ListSampler implements Sampler {
    private final List<Configuration> configurations = new ArrayList<>();

    ListSampler(List<? extends ConfigObject> written) {
        if (written.isEmpty()) {
            throw new UsageException("sweep.sampler.configurations: got none, expected a list [ { key = value }, … ]");
        }
        for (ConfigObject object : written) {
            Map<String, Object> settings = new TreeMap<>();
            for (Map.Entry<String, ConfigValue> entry : object.toConfig().entrySet()) {
                settings.put(
                        String.join(".", ConfigUtil.splitPath(entry.getKey())).replace("\"", ""),
                        entry.getValue().unwrapped());
            }
            Map<String, Object> values = new TreeMap<>();
            settings.forEach((path, value) -> values.put(
                    path, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value)));
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
