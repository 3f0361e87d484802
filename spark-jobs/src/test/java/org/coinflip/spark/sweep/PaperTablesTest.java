package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of {@code papers.sh}: published numbers are beside rows that a sweep of the same name has, and beside no others. */
class PaperTablesTest {
    private static final File FOLDER = new File("../conf/papers");

    private static JsonNode published() throws IOException {
        return new ObjectMapper().readTree(new File(FOLDER, "published.json"));
    }

    static List<String> tables() throws IOException {
        List<String> names = new ArrayList<>();
        published().fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyRowIsOfTheSweepAndFromThreeSeeds(String name) throws IOException {
        JsonNode table = published().get(name);
        JsonNode rows = published().get(table.path("rows-of").asText(name)).get("rows");
        Config file = ConfigFactory.parseFile(new File(FOLDER, name + ".conf"))
                .withFallback(ConfigFactory.parseString("output = out"))
                .resolve();
        SweepSpec.read(file);
        assertEquals(3, file.getInt("sweep.replicates"));
        Set<String> expected = new TreeSet<>();
        file.getConfigList("sweep.sampler.configurations").forEach(row -> expected.add(row.getString("name")));
        Set<String> got = new TreeSet<>();
        for (JsonNode row : rows) {
            assertTrue(got.add(row.get("name").asText()), row.toString());
            for (Iterator<String> keys = row.fieldNames(); keys.hasNext(); ) {
                String key = keys.next();
                assertTrue(
                        Set.of("name", "label").contains(key)
                                || table.get("metrics").has(key),
                        name + ": " + key);
            }
        }
        assertEquals(expected, got);
        assertTrue(table.get("source").asText().length() > 10);
        assertTrue(table.get("needs").asText().contains("3 seeds"));
    }

    @Test
    void theNumbersOfConditionalComputationAreThePapers() throws IOException {
        // arXiv 1308.3432, the table of section 5: test and validation errors in its order
        double[][] numbers = {
            {1.87, 1.52}, {1.39, 1.42}, {1.96, 1.86}, {1.89, 1.78}, {1.60, 1.66}, {1.87, 1.88}, {1.92, 1.97}
        };
        JsonNode rows = published().get("1308.3432/table").get("rows");
        assertEquals(numbers.length, rows.size());
        for (int i = 0; i < numbers.length; i++) {
            assertEquals(numbers[i][0], rows.get(i).get("test.error").asDouble());
            assertEquals(numbers[i][1], rows.get(i).get("valid.error").asDouble());
        }
    }
}
