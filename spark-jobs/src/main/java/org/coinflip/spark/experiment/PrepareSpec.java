package org.coinflip.spark.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Preparation;
import org.coinflip.model.settings.Section;

/**
 * What {@code prepare.sh} is told.
 *
 * @param data what is read, and what becomes of it
 * @param output folder for the shards, on any Hadoop file system
 * @param shards files a split; absent where none are asked for
 * @param overwrite whether an output that exists is replaced
 */
public record PrepareSpec(DataSpec data, String output, OptionalInt shards, boolean overwrite) {
    /** Reads and checks a whole file. */
    public static PrepareSpec read(Section root) {
        PrepareSpec spec = new PrepareSpec(
                DataSpec.read(root.section("data")),
                root.text("output", "out/prepared"),
                root.optionalInteger("shards", 1, 1 << 20),
                root.flag("overwrite", false));
        root.finish();
        return spec;
    }

    /** Every key with the value in force. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("data", data.asMap());
        keys.put("output", output);
        keys.put("shards", shards.orElse(Preparation.SHARDS));
        keys.put("overwrite", overwrite);
        return keys;
    }
}
