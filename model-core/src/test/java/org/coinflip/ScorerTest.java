package org.coinflip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.Projection;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the jar for scoring, ScoringJarTest holds fifteen families to the library. */
class ScorerTest {
    private static final int COUNT = 30;
    private static final float[][] X = features();

    @TempDir
    private Path folder;

    private static float[][] features() {
        NoiseKey key = new NoiseKey(8, 0, 0);
        float[][] x = new float[COUNT][4];
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < 4; j++) {
                x[i][j] = (float) key.uniform(4L * i + j);
            }
        }
        return x;
    }

    private static Model trained() {
        int[] y = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            y[i] = i % 3;
        }
        return Trainer.of(NetworkBuilder.inputs(4)
                        .stochastic(12, Laws.bernoulli(), Gradients.disarm())
                        .output(3))
                .epochs(3)
                .batch(10)
                .adam(0.01)
                .seed(9)
                .portable()
                .fit(Examples.of(X, y));
    }

    private static StoredModel with(Transformation transformation) {
        StoredModel stored = trained().stored();
        return new StoredModel(
                stored.network(),
                stored.state(),
                transformation,
                new EvaluationSpec(Mode.SAMPLES, 3),
                stored.arithmetic(),
                stored.seed());
    }

    /** Every kind: scaled alone, drawn to bits, cut at a threshold, projected. */
    @Test
    void transformsFeaturesAsTheModelDoes() {
        List<Float> scale = List.of(0.5f, 2f, 1f, -1f);
        List<Float> offset = List.of(0f, 0.1f, -0.3f, 1f);
        List<Float> weights =
                Transformation.boxed(new float[] {1, 2, 3, 4, -1, 0, 0.5f, 1, 0.25f, 1, 1, 1, 0, 0, 2, -2});
        Projection projection =
                new Projection(new ProjectionSpec(ProjectionSpec.Type.PCA, 4, false, 0), 4, offset, weights);
        for (Transformation transformation : List.of(
                new Transformation(Scaling.STANDARD, Binarisation.NONE, scale, offset),
                new Transformation(Scaling.UNIT, new Binarisation(Binarisation.Type.BERNOULLI, 0, 5), scale, offset),
                new Transformation(Scaling.UNIT, new Binarisation(Binarisation.Type.THRESHOLD, 0.4, 0), scale, offset),
                new Transformation(Scaling.UNIT, Binarisation.NONE, scale, offset).with(projection))) {
            StoredModel stored = with(transformation);
            float[][] expected = new Model(stored).predict(X);
            Scorer scorer = Scorer.of(stored);
            float[] got = new float[3];
            for (int i = 0; i < COUNT; i++) {
                scorer.predict(i, X[i], got);
                assertArrayEquals(expected[i], got, transformation + " example " + i);
            }
        }
    }

    @Test
    void fillsHolesAsTheModelDoes() {
        List<Float> fill = List.of(1f, -2f, 0.5f, 3f);
        StoredModel stored = with(Transformation.none(4).withFill(fill));
        for (int j = 0; j < 4; j++) {
            float[] holed = X[j].clone();
            float[] filled = X[j].clone();
            holed[j] = Float.NaN;
            filled[j] = fill.get(j);
            float[] expected = Scorer.of(stored).predict(filled);
            assertArrayEquals(expected, Scorer.of(stored).predict(holed));
            assertArrayEquals(expected, new Model(stored).predict(holed));
        }
    }

    @Test
    void isUsedAsTheModelIs() {
        Model model = trained();
        model.save(folder.resolve("model"));
        Scorer scorer = Scorer.load(folder.resolve("model"));
        assertEquals(4, scorer.inputs());
        assertEquals(3, scorer.outputs());
        assertArrayEquals(model.predict(X[0]), scorer.predict(X[0]));
        assertArrayEquals(model.withDraws(7).predict(X[0]), scorer.withDraws(7).predict(X[0]));
        assertArrayEquals(
                model.withThresholds().predict(X[0]), scorer.withThresholds().predict(X[0]));
        assertArrayEquals(
                scorer.withDraws(7).predict(X[0]), scorer.withDraws(7).copy().predict(X[0]));
        assertEquals(model.classify(X[5]), scorer.classify(X[5]));
    }

    @Test
    void callsClassesAsTheTrainingsDataDid() {
        Naming naming = new Naming(List.of(), List.of(-5, 40, 41));
        StoredModel stored = with(Transformation.none(4).with(naming));
        for (float[] x : X) {
            assertEquals(new Model(stored).classify(x), Scorer.of(stored).classify(x));
        }
    }

    @Test
    void refusesInOneLine() {
        Scorer scorer = Scorer.of(trained().stored());
        assertEquals(
                "got an example of 2 features, expected 4: give features as in the training's data",
                assertThrows(DataException.class, () -> scorer.predict(new float[2]))
                        .getMessage());
        assertEquals(
                "example 7 has NaN for feature 2, expected a finite number: leave the example out or fill in what is missing",
                assertThrows(
                                DataException.class,
                                () -> scorer.predict(7, new float[] {0, 0, Float.NaN, 0}, new float[3]))
                        .getMessage());
        assertEquals(
                "prediction: got room for 2 numbers, expected 3, the outputs of the network",
                assertThrows(UsageException.class, () -> scorer.predict(7, new float[4], new float[2]))
                        .getMessage());
        assertEquals(
                "draws: got 0, expected at least 1",
                assertThrows(UsageException.class, () -> scorer.withDraws(0)).getMessage());
    }
}
