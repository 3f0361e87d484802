package org.coinflip;

import static org.coinflip.ThreeClasses.COUNT;
import static org.coinflip.ThreeClasses.X;
import static org.coinflip.ThreeClasses.Y;
import static org.coinflip.ThreeClasses.refused;
import static org.coinflip.ThreeClasses.trainer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.training.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trained model measures, predicts and saves. */
class ModelTest {
    @TempDir
    private Path folder;

    @Test
    void measuresSayWhatTheScoreSays() {
        Examples examples = Examples.of(X, Y);
        Model model = trainer().draws(5).fit(examples);
        Map<String, Object> measures = model.measure(examples);
        Score score = model.evaluate(examples);
        // of the mean prediction, which is float32
        assertEquals(score.loss(), (double) measures.get("logLoss"), 1e-6);
        List<?> byDraws = (List<?>) ((Map<?, ?>) measures.get("draws")).get("byDraws");
        assertEquals(4, byDraws.size());
        assertEquals(score.error(), ((Map<?, ?>) byDraws.get(3)).get("error"));
        refused(UsageException.class, () -> model.measure(Examples.of(X)), "without labels");
    }

    @Test
    void aSavedModelPredictsAsBefore() {
        Model model = trainer().draws(5).fit(Examples.of(X, Y));
        model.save(folder.resolve("m"));
        Model loaded = Model.load(folder.resolve("m"));
        for (int i = 0; i < COUNT; i++) {
            assertArrayEquals(model.predict(X)[i], loaded.predict(X)[i]);
        }
        assertEquals(model.parametersSha256(), loaded.parametersSha256());
        assertArrayEquals(
                model.withThresholds().predict(X[3]), loaded.withThresholds().predict(X[3]));
        refused(
                UsageException.class,
                () -> model.save(folder.resolve("m")),
                "exists, expected a folder without a model");
        model.replace(folder.resolve("m"));
    }

    @Test
    void aDamagedModelIsOneLine() throws IOException {
        trainer().fit(Examples.of(X, Y)).save(folder.resolve("m"));
        Path state = folder.resolve("m/state.bin");
        byte[] bytes = Files.readAllBytes(state);
        bytes[5] ^= 1;
        Files.write(state, bytes);
        refused(DataException.class, () -> Model.load(folder.resolve("m")), "SHA-256");
        refused(DataException.class, () -> Model.load(folder.resolve("none")), "cannot be read");
    }

    /** The mean of the draws is that of the model's own prediction with as many; the deviation is that of each draw, computed one by one. */
    @Test
    void theSpreadIsThatOfTheDraws() {
        Model model = trainer().fit(Examples.of(X, Y));
        int draws = 6;
        Spread[] spread = model.spread(X, draws);
        float[][] mean = model.withDraws(draws).predict(X);
        float[][][] upTo = new float[draws][][];
        for (int k = 0; k < draws; k++) {
            upTo[k] = model.withDraws(k + 1).predict(X);
        }
        for (int i = 0; i < COUNT; i++) {
            assertArrayEquals(mean[i], spread[i].mean());
            for (int j = 0; j < 3; j++) {
                double squares = 0;
                for (int k = 0; k < draws; k++) {
                    double draw = (k + 1) * (double) upTo[k][i][j] - (k == 0 ? 0 : k * (double) upTo[k - 1][i][j]);
                    squares += (draw - mean[i][j]) * (draw - mean[i][j]);
                }
                // a draw is a difference of sums of at most 6 probabilities, each rounded to u = 2⁻²⁴ a few times
                double bound = 2 * draws * draws * 4 * 0x1p-24;
                assertEquals(Math.sqrt(squares / (draws - 1)), spread[i].deviation()[j], bound);
            }
        }
        assertTrue(spread[0].deviation()[0] > 0, "units draw");
    }

    @Test
    void anAutoencoderNeedsNoLabels() {
        NetworkSpec network = NetworkBuilder.inputs(4)
                .stochastic(6, Laws.bernoulli(), Gradients.straightThrough())
                .reconstruct(Objective.GAUSSIAN_RECONSTRUCTION);
        Model model = Trainer.of(network).epochs(2).sgd(0.05).fit(Examples.of(X));
        assertEquals(4, model.predict(X[0]).length);
        long[][] codes = model.codes(X, 0);
        assertEquals(COUNT, codes.length);
        assertTrue(codes[0][0] >>> 6 == 0, "six bits");
        refused(UsageException.class, () -> model.classify(X[0]), "tells classes apart");
        refused(UsageException.class, () -> model.codes(X, 2), "layer: got 2, expected 0 to 1");
    }
}
