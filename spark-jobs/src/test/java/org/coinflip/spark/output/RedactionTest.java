package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
    @Test
    void hidesValuesOfKeysNamedLikeCredentialsAtAnyDepth() {
        for (String key : new String[] {
            "password",
            "db-passwd",
            "fs.s3a.secret.key",
            "Token",
            "credentials",
            "fs.s3a.access.key",
            "api_key",
            "apiKey"
        }) {
            Map<String, Object> config = Map.of("data", List.of(Map.of(key, "hush", "path", "x")));
            assertEquals(
                    Map.of("data", List.of(Map.of(key, "(redacted)", "path", "x"))), Redaction.redact(config), key);
        }
    }

    @Test
    void hidesTheUserOfAUrl() {
        assertEquals(
                Map.of("path", "s3a://(redacted)@bucket/a@b"),
                Redaction.redact(Map.of("path", "s3a://key:secret@bucket/a@b")));
    }

    @Test
    void leavesEverythingElse() {
        Map<String, Object> config =
                Map.of("seed", 7, "path", "hdfs://host/a", "layers", List.of(Map.of("units", 3)), "mail", "a@b");
        assertEquals(config, Redaction.redact(config));
    }
}
