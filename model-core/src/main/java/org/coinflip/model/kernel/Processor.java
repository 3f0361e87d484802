package org.coinflip.model.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the operating system says of the processor. */
final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Whether it is one of Intel's, as far as Linux says so; elsewhere, whether it is an x86. */
    static boolean isIntels() {
        try (Stream<String> lines = Files.lines(DESCRIPTION, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.startsWith("vendor_id") && line.endsWith("GenuineIntel"));
        } catch (IOException e) {
            return System.getProperty("os.arch").equals("amd64");
        }
    }
}
