package org.coinflip.spark.output;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;

/** What a result was made with, as summaries have it. */
public final class Versions {
    private Versions() {}

    /** Versions of a result that was computed with these kernels. */
    public static Map<String, Object> of(KernelChoice kernels, String spark) {
        Map<String, Object> versions = of(Backend.of(kernels).name(), spark);
        if (!kernels.rates().isEmpty()) {
            versions.put("blasRates", kernels.rates());
        }
        return versions;
    }

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
