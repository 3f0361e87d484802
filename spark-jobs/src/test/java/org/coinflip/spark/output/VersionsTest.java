package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionsTest {
    /** Of sources under git; an archive of them has no commit. */
    @Test
    void saysItsCommit() {
        String commit = Files.exists(Path.of("../.git")) ? "\\+[0-9a-f]{7,}(-dirty)?" : "";
        assertTrue(Versions.own().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?" + commit), Versions.own());
    }
}
