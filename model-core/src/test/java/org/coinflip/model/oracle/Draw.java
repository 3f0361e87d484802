package org.coinflip.model.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.GradientSink;

/** Means and standard errors of what the engine gives over many passes, each with noise of its own. */
public final class Draw {
    /**
     * A mean further from its expectation than so many standard errors is wrong: for a normal mean that has a probability of
     * 7e-6 a comparison.
     */
    public static final double STANDARD_ERRORS = 4.5;

    /** Roundings of a pass forth and back through the largest network of those that are drawn from: six layers that read at most four numbers. */
    private static final int ROUNDINGS = Rounding.gradient(1, 4, 4, 4, 4, 4, 4, 4);

    private static final Backend BACKEND = Backend.detect();
    private static final long SEED = 20131305;

    private final double[] mean;
    private final double[] squares;
    private int count;

    public Draw(int width) {
        mean = new double[width];
        squares = new double[width];
    }

    /** Takes one more value of every component (Welford's update). */
    public void add(double[] values) {
        count++;
        for (int i = 0; i < mean.length; i++) {
            double before = values[i] - mean[i];
            mean[i] += before / count;
            squares[i] += before * (values[i] - mean[i]);
        }
    }

    public double mean(int i) {
        return mean[i];
    }

    /** Variance of one value, not of the mean. */
    public double variance(int i) {
        return squares[i] / (count - 1);
    }

    public double standardError(int i) {
        return Math.sqrt(variance(i) / count);
    }

    /** Whether the mean is not further than {@link #STANDARD_ERRORS} from what is expected; rounding is forgiven. */
    public boolean agrees(int i, double expected) {
        return Math.abs(mean[i] - expected)
                <= STANDARD_ERRORS * standardError(i) + Rounding.of(ROUNDINGS, 1 + Math.abs(expected));
    }

    /** Fails where a mean does not agree. */
    public void assertAgrees(double[] expected, String what) {
        assertEquals(expected.length, mean.length);
        for (int i = 0; i < mean.length; i++) {
            assertTrue(
                    agrees(i, expected[i]),
                    what + ": component " + i + " has mean " + mean[i] + " ± " + standardError(i) + ", expected "
                            + expected[i]);
        }
    }

    /** Gradients of a batch of copies of one example, over so many passes; each batch's mean is one value. */
    public static Draw gradients(Network network, State state, Examples copies, int passes) {
        return gradients(BACKEND, network, state, copies, passes);
    }

    static Draw gradients(Backend backend, Network network, State state, Examples copies, int passes) {
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, backend, copies.size());
        Draw draw = new Draw(network.layout().parameters());
        double[] values = new double[network.layout().parameters()];
        for (int i = 0; i < passes; i++) {
            step(pass, copies, i);
            for (int j = 0; j < values.length; j++) {
                values[j] = gradient.target().get(j);
            }
            draw.add(values);
        }
        return draw;
    }

    /** One pass there and back over all examples, with an epoch's noise. */
    public static void step(Pass pass, Examples examples, int epoch) {
        pass.load(examples, Networks.places(examples.size()), examples.size());
        pass.context().setNoise(Mode.TRAIN, SEED, epoch, 0);
        pass.forward();
        pass.backward();
        pass.accumulate();
    }
}
