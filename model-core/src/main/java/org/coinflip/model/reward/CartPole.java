package org.coinflip.model.reward;

import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * A pole on a cart that is pushed left (action 0) or right (action 1) with F = ∓10 N:
 *
 * <pre>
 * u = (F + m l θ̇² sin θ) / (M + m)
 * θ̈ = (g sin θ − u cos θ) / (l (4/3 − m cos² θ / (M + m)))
 * ẍ = u − m l θ̈ cos θ / (M + m)
 * </pre>
 *
 * g = 9.8 m/s², M = 1 kg, m = 0.1 kg, l = 0.5 m (half the pole), Euler's method with steps of 0.02 s. The state (x, ẋ, θ, θ̇) begins uniform in
 * ±0.05; the episode is over when |x| > 2.4 m or |θ| > 12°. The reward is 1 a step. A policy sees (x / 2.4 m, ẋ / 3 m/s, θ / 12°,
 * θ̇ / 3.5 rad/s), each of order 1. Sines are {@link StrictMath}'s, so that a trajectory is the same bits on any machine.
 *
 * <p>Barto, Sutton, Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control problems", without friction.
 *
 * @param mostSteps steps after which a balanced pole is let go, at least 1
 */
public record CartPole(int mostSteps) implements Environment {
    public static final String TYPE = "cart-pole";

    static final double GRAVITY = 9.8;
    static final double CART = 1.0;
    static final double POLE = 0.1;
    static final double HALF_LENGTH = 0.5;
    static final double FORCE = 10;
    static final double SECONDS = 0.02;

    private static final double FARTHEST = 2.4;
    private static final double STEEPEST = 12 * Math.PI / 180;
    private static final double START = 0.05;
    private static final double[] SCALES = {FARTHEST, 3, STEEPEST, 3.5};

    static CartPole read(Section section) {
        return new CartPole(section.integer("most-steps", 200, 1, Environments.MOST_STEPS));
    }

    @Override
    public int observations() {
        return SCALES.length;
    }

    @Override
    public int actions() {
        return 2;
    }

    @Override
    public int stateSize() {
        return SCALES.length;
    }

    @Override
    public void reset(double[] state, StepNoise noise) {
        for (int i = 0; i < state.length; i++) {
            state[i] = START * (2 * noise.uniform(i) - 1);
        }
    }

    @Override
    public double act(double[] state, int action, StepNoise noise) {
        double sin = StrictMath.sin(state[2]);
        double cos = StrictMath.cos(state[2]);
        double force = action == 1 ? FORCE : -FORCE;
        double mass = CART + POLE;
        double push = (force + POLE * HALF_LENGTH * state[3] * state[3] * sin) / mass;
        double angular = (GRAVITY * sin - push * cos) / (HALF_LENGTH * (4.0 / 3 - POLE * cos * cos / mass));
        double linear = push - POLE * HALF_LENGTH * angular * cos / mass;
        state[0] += SECONDS * state[1];
        state[1] += SECONDS * linear;
        state[2] += SECONDS * state[3];
        state[3] += SECONDS * angular;
        return 1;
    }

    @Override
    public boolean isOver(double[] state) {
        return Math.abs(state[0]) > FARTHEST || Math.abs(state[2]) > STEEPEST;
    }

    @Override
    public void observe(double[] state, float[] out, int from) {
        for (int i = 0; i < state.length; i++) {
            out[from + i] = (float) (state[i] / SCALES[i]);
        }
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "most-steps", mostSteps);
    }
}
