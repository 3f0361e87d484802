package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void numbersThatJsonLacksAreText() throws Exception {
        String line = Json.line(List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.1));
        assertEquals("[\"NaN\",\"Infinity\",\"-Infinity\",0.1]", line);
    }

    @Test
    void aLineIsOneLineAndADocumentEndsWithOne() throws Exception {
        Map<String, Object> value = Map.of("text", "a\nb \"c\" \u2028 ü", "list", List.of(1, 2));
        assertEquals(1, Json.line(value).lines().count());
        String document = Json.document(value);
        assertEquals('\n', document.charAt(document.length() - 1));
        JsonNode expected = new ObjectMapper().valueToTree(value);
        assertEquals(expected, new ObjectMapper().readTree(document));
        assertEquals(expected, new ObjectMapper().readTree(Json.line(value)));
    }
}
