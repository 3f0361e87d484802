package org.coinflip.spark.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
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
        versions.put("coinflip", own());
        versions.put("spark", spark);
        versions.put("java", System.getProperty("java.version"));
        versions.put("kernels", kernels);
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    /** This program's version and the commit of its sources, such as {@code 1.0.0+3f2a9c1}; {@code -dirty} where they were changed after it. */
    static String own() {
        Properties build = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                return "development";
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar of this program cannot be read", e);
        }
        String commit = build.getProperty("git.commit.id.abbrev", "");
        return build.getProperty("git.build.version", "development")
                + (commit.isEmpty() ? "" : "+" + commit)
                + (Boolean.parseBoolean(build.getProperty("git.dirty")) ? "-dirty" : "");
    }
}
