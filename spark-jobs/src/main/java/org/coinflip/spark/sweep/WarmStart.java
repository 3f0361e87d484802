package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.DecimalNumber;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;
import org.coinflip.spark.sweep.result.WrittenTable;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.space.Space;

/**
 * What is known before a sweep begins: {@code sweep.first}, configurations to try first, and {@code sweep.evidence}, folders of other sweeps whose
 * results a sampler that learns begins with. A result counts that has a configuration of this space, whole, and was taken to one of this sweep's
 * rungs; whatever else differs between the sweeps is the user's to judge.
 *
 * @param first values by axis, of one configuration after another
 * @param evidence folders of other sweeps
 */
record WarmStart(List<Map<String, Object>> first, List<String> evidence) {
    static WarmStart read(Section sweep) {
        List<Map<String, Object>> first = new ArrayList<>();
        sweep.declare("first", ValueKind.SECTIONS);
        if (sweep.has("first")) {
            try {
                for (Config given : sweep.config().getConfigList("first")) {
                    Map<String, Object> values = new LinkedHashMap<>();
                    given.entrySet()
                            .forEach(entry -> values.put(
                                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                                    entry.getValue().unwrapped()));
                    first.add(new TreeMap<>(values));
                }
            } catch (ConfigException e) {
                throw sweep.wrong("first", "a list of configurations [ { axis = value }, … ]");
            }
        }
        return new WarmStart(first, sweep.texts("evidence", List.of()));
    }

    /**
     * Tells a sampler what other sweeps found.
     *
     * @param metric what is compared
     * @param rungs epochs at this sweep's rungs
     * @return a line for each of what of it counts
     * @throws UsageException where nothing of one does
     */
    List<String> tell(
            Sampler sampler, Space space, String metric, boolean maximised, int[] rungs, Configuration hadoop) {
        List<String> lines = new ArrayList<>();
        for (String folder : evidence) {
            Map<String, List<Map<String, String>>> byConfiguration = new LinkedHashMap<>();
            WrittenTable.read(folder, hadoop).rows().forEach(row -> byConfiguration
                    .computeIfAbsent(row.get("configuration"), c -> new ArrayList<>())
                    .add(row));
            int counted = 0;
            for (List<Map<String, String>> rows : byConfiguration.values()) {
                counted += tell(sampler, space, metric, maximised, rungs, rows) ? 1 : 0;
            }
            if (counted == 0) {
                throw new UsageException("sweep.evidence: got " + folder + ", of which none of "
                        + byConfiguration.size()
                        + " configurations counts here, expected some with this sweep's axes, the metric " + metric
                        + " and as many epochs as a rung has: leave it out");
            }
            lines.add("evidence: " + counted + " of " + byConfiguration.size() + " configurations of " + folder);
        }
        return lines;
    }

    private static boolean tell(
            Sampler sampler,
            Space space,
            String metric,
            boolean maximised,
            int[] rungs,
            List<Map<String, String>> replicates) {
        Map<String, String> one = replicates.get(0);
        Map<String, Object> given = new TreeMap<>();
        space.axes().forEach(axis -> {
            String value = one.getOrDefault("axis." + axis.name(), one.get(axis.name()));
            if (value != null) {
                given.put(axis.name(), value);
            }
        });
        org.coinflip.spark.sweep.space.Configuration configuration;
        try {
            configuration = space.at(given, new double[space.axes().size()]);
        } catch (UsageException e) {
            return false;
        }
        int rung = rung(replicates, rungs);
        if (rung < 0 || !configuration.values().keySet().equals(given.keySet())) {
            return false;
        }
        double sum = 0;
        for (Map<String, String> row : replicates) {
            boolean done = List.of("done", "stopped").contains(row.get("status"));
            sum += done ? DecimalNumber.parseOrNaN(row.getOrDefault(metric, "")) : Double.NaN;
        }
        double mean = sum / replicates.size();
        sampler.believe(configuration, maximised ? -mean : mean, rung);
        return true;
    }

    /** The rung that all replicates were taken to, or failed on the way to; −1 where it is none of this sweep's. */
    private static int rung(List<Map<String, String>> replicates, int[] rungs) {
        for (int rung = 0; rung < rungs.length; rung++) {
            String epochs = String.valueOf(rungs[rung]);
            if (replicates.stream().allMatch(row -> epochs.equals(row.get("epochs")))) {
                return rung;
            }
        }
        Collection<String> done = List.of("done", "stopped");
        return replicates.stream().noneMatch(row -> done.contains(row.get("status"))) ? 0 : -1;
    }

    /** What results depend on: the configurations, and the tables to the bit. Nothing where there is neither. */
    Map<String, Object> identity(Configuration hadoop) {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (!first.isEmpty()) {
            keys.put("first", first);
        }
        if (!evidence.isEmpty()) {
            keys.put(
                    "evidence",
                    evidence.stream()
                            .map(folder -> WrittenTable.read(folder, hadoop).sha256())
                            .toList());
        }
        return keys;
    }
}
