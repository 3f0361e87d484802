package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.Score;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that version 0.1 wrote, from the UCI digits: {@code train.sh training.epochs=12 evaluation={mode=means}} with the layers
 * stochastic 16, dense 12, output 10. It stays as it is: every later version reads it.
 */
@Tag("numerical")
class WrittenModelTest {
    private static final String PARAMETERS = "b6b05c8f10fc162410fa740ad0c37ae5b8da0e37419a5abc1c207976b6c3bac5";
    /** What the summary of its training says of the test split. */
    private static final double LOSS = 0.7927418133412852;

    private static final int ERRORS = 54;
    /**
     * Another processor or BLAS rounds sums of 64, 16 and 12 products otherwise: losses of about 1 by a hundred times u = 2⁻²⁴ of the logits, which
     * are below 10. No example's two greatest logits are that near to each other.
     */
    private static final double ROUNDING = 100 * 10 * 0x1p-24;

    private static final double MARGIN = 2 * ROUNDING;

    @TempDir
    private Path folder;

    @Test
    void isReadAndDoesOnTheTestSplitWhatItsTrainingSaid() throws Exception {
        score(written());
    }

    @Test
    void fieldsOfANewerMinorVersionAreLeftUnread() throws Exception {
        newer("\"minor\" : 0", "\"minor\" : 7, \"licence\" : { \"name\" : \"CC BY 4.0\" }");
        score(folder);
        newer("\"scaling\"", "\"fittedOn\" : 1297, \"scaling\"");
        score(folder);
    }

    @Test
    void anotherFormatIsRefused() throws Exception {
        newer("\"format\" : 1", "\"format\" : 2");
        DataException refused = assertThrows(DataException.class, () -> score(folder));
        assertTrue(refused.getMessage().contains("has format 2, expected at most 1"), refused.getMessage());
    }

    private void newer(String part, String replacement) throws IOException, URISyntaxException {
        String json = Files.readString(written().resolve("model.json"));
        assertTrue(json.contains(part), json);
        // as newer versions do
        Files.writeString(
                folder.resolve("model.json"),
                Json.document(Sealed.seal(new ObjectMapper().readTree(json.replace(part, replacement)))));
        Files.write(folder.resolve("state.bin"), Files.readAllBytes(written().resolve("state.bin")));
    }

    private static Path written() throws URISyntaxException {
        return Path.of(WrittenModelTest.class.getResource("model-1.0").toURI());
    }

    private static void score(Path model) {
        StoredModel read = ModelDirectory.read(model.toString(), new Configuration());
        assertEquals(PARAMETERS, read.state().parametersSha256());
        DataSpec digits = DataSpec.read(Section.root(
                ConfigFactory.parseString("source = digits, split { train = 1297, valid = 250, test = 250 }")));
        Examples test = Dataset.open(digits, new Configuration()).examples(Split.TEST);
        Evaluator evaluator = new Evaluator(
                read.network(), read.state(), read.evaluation(), Backend.detect(), test.size(), read.seed());
        Score score = evaluator.assess(test, 0, test.size());
        assertEquals(LOSS, score.loss(), ROUNDING);
        assertEquals(ERRORS, score.errors());
        for (int i = 0; i < test.size(); i++) {
            double[] p = new double[10];
            for (int j = 0; j < p.length; j++) {
                p[j] = evaluator.predictions().get(i, j);
            }
            Arrays.sort(p);
            assertTrue(p[9] - p[8] > MARGIN, "example " + i + " hardly has a class: " + (p[9] - p[8]));
        }
    }
}
