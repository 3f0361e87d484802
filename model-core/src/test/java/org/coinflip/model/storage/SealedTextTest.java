package org.coinflip.model.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SealedTextTest {
    private static final ObjectMapper PRETTY = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static String document() throws Exception {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", "a \"quoted\" \\ back\\\\slash,\n a line, \u0001 é € \uD83C\uDFB2 { } [ ] : ,");
        fields.put("numbers", List.of(1, -3L, 1e-30, 0.1f, 1.0, Long.MIN_VALUE, 1e300));
        fields.put("nested", Map.of("sealSha256", List.of(true, false)));
        fields.put("none", null);
        return PRETTY.writeValueAsString(Sealed.seal(fields));
    }

    @Test
    void agreesWithTheParser() throws Exception {
        String whole = document();
        assertEquals(Optional.empty(), Sealed.damage(PRETTY.readTree(whole), true));
        assertEquals(Optional.empty(), SealedText.damage(whole, true));
        assertEquals(Optional.empty(), SealedText.damage(whole.replace("\n", "\r\n\t"), true));
    }

    /** Every character but white space in its place: no change goes unseen. */
    @Test
    void findsEveryChangedCharacter() throws Exception {
        String whole = document();
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            boolean isSpace = c == ' ' || c == '\n';
            if (!isSpace || i > 0 && whole.charAt(i - 1) == 'a') {
                String changed = whole.substring(0, i) + (c == 'x' ? 'y' : 'x') + whole.substring(i + 1);
                assertTrue(SealedText.damage(changed, true).isPresent(), "place " + i + ": " + changed);
            }
        }
    }

    @Test
    void aMissingSealIsDamageOnlyWhereThereMustBeOne() {
        assertEquals(Optional.empty(), SealedText.damage("{\"a\":1}", false));
        assertEquals(Optional.of("it has no sealSha256"), SealedText.damage("{\"a\":1}", true));
    }
}
