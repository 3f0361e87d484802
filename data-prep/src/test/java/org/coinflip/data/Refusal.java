package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Of sections that are refused on the way to prepared data, of which then nothing is there. */
final class Refusal {
    private Refusal() {}

    static void of(Path folder, String section, String... parts) {
        List<String> before = listing(folder);
        OneLine.of(
                () -> Preparation.prepare(
                        Specs.of(section), folder.resolve("new/out").toString(), 2, false, new Configuration()),
                parts);
        assertEquals(before, listing(folder));
    }

    private static List<String> listing(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
