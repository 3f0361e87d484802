package org.coinflip.spark.shard;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.coinflip.data.Description;
import org.coinflip.data.Split;
import org.coinflip.model.storage.Sha256;

/** What a training's bits depend on in its data, wherever they lie: the source files' checksums, the split, the transformation. */
public final class DataIdentity {
    private DataIdentity() {}

    public static Map<String, Object> of(Description data) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("features", data.width());
        keys.put("classes", data.classes());
        keys.put("splitSeed", data.splitSeed());
        for (Split split : Split.values()) {
            keys.put(split.name().toLowerCase(Locale.ROOT), data.split(split).classHistogram());
        }
        keys.put("files", data.sourceFiles().stream().map(file -> file.sha256()).toList());
        if (!data.weightsSha256().isEmpty()) {
            keys.put("weights", data.weightsSha256());
        }
        String transformation = data.transformation().toString();
        keys.put("transformation", Sha256.hex(transformation.getBytes(StandardCharsets.UTF_8)));
        return keys;
    }
}
