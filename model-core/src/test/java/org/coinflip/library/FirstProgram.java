package org.coinflip.library;

import java.nio.file.Path;
import java.util.Random;
import org.coinflip.Gradients;
import org.coinflip.Laws;
import org.coinflip.Model;
import org.coinflip.NetworkBuilder;
import org.coinflip.Trainer;
import org.coinflip.model.example.Examples;
import org.coinflip.model.network.NetworkSpec;

/** The program of docs/library.md and README: the exclusive or of two noisy signs. */
final class FirstProgram {
    private FirstProgram() {}

    static float[][] points(int count) {
        Random random = new Random(3);
        float[][] points = new float[count][2];
        for (float[] point : points) {
            point[0] = (random.nextBoolean() ? 1 : -1) + 0.2f * (float) random.nextGaussian();
            point[1] = (random.nextBoolean() ? 1 : -1) + 0.2f * (float) random.nextGaussian();
        }
        return points;
    }

    static int[] classes(float[][] points) {
        int[] classes = new int[points.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = points[i][0] * points[i][1] > 0 ? 1 : 0;
        }
        return classes;
    }

    static float[] run(float[][] x, int[] y, Path folder) {
        // docs: first-program
        NetworkSpec network = NetworkBuilder.inputs(2)
                .stochastic(32, Laws.bernoulli(), Gradients.disarm())
                .output(2);
        Model model =
                Trainer.of(network).epochs(40).batch(32).adam(0.02).seed(7).fit(Examples.of(x, y));
        float[] probabilities = model.predict(x[0]);
        model.save(folder);
        // docs: end
        return probabilities;
    }
}
