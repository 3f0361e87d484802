package org.coinflip.spark.output;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a result was made with, as summaries have it. */
public final class Versions {
    private Versions() {}

    /** @param kernels the name of the kernels' backend */
    public static Map<String, Object> of(String kernels, String spark) {
        Map<String, Object> versions = new LinkedHashMap<>();
        String own = Versions.class.getPackage().getImplementationVersion();
        versions.put("coinflip", own == null ? "development" : own);
        versions.put("spark", spark);
        versions.put("java", System.getProperty("java.version"));
        versions.put("kernels", kernels);
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }
}
