package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.layer.Mode;
import org.junit.jupiter.api.Test;

class CartPoleTest {
    private static final CartPole CART_POLE = new CartPole(200);
    private static final StepNoise NOISE = new StepNoise(Mode.TRAIN, 1, 0);

    /** The accelerations that a step has used. */
    private static double[] accelerations(double[] state, int action) {
        double[] next = state.clone();
        assertEquals(1, CART_POLE.act(next, action, NOISE));
        assertEquals(state[0] + 0.02 * state[1], next[0], 1e-15);
        assertEquals(state[2] + 0.02 * state[3], next[2], 1e-15);
        return new double[] {(next[1] - state[1]) / 0.02, (next[3] - state[3]) / 0.02};
    }

    private static double[] state(Random random) {
        return new double[] {
            random.nextGaussian(), 2 * random.nextGaussian(), 0.5 * random.nextGaussian(), 2 * random.nextGaussian()
        };
    }

    /**
     * The Lagrangian of a point cart and a uniform rod of half-length l, moment of inertia m l² / 3 about its middle, gives two equations that are linear in
     * the accelerations.
     */
    @Test
    void accelerationsSolveTheEquationsOfMotion() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            double[] s = state(random);
            int action = random.nextInt(2);
            double[] a = accelerations(s, action);
            double sin = Math.sin(s[2]);
            double cos = Math.cos(s[2]);
            double force = action == 1 ? 10 : -10;
            assertEquals(force + 0.1 * 0.5 * s[3] * s[3] * sin, 1.1 * a[0] + 0.1 * 0.5 * cos * a[1], 1e-9);
            assertEquals(9.8 * sin, cos * a[0] + 4.0 / 3 * 0.5 * a[1], 1e-9);
        }
    }

    @Test
    void energyChangesByTheWorkOfThePush() {
        Random random = new Random(2);
        double h = 1e-6;
        for (int i = 0; i < 1000; i++) {
            double[] s = state(random);
            int action = random.nextInt(2);
            double[] a = accelerations(s, action);
            double[] after = {s[0] + h * s[1], s[1] + h * a[0], s[2] + h * s[3], s[3] + h * a[1]};
            double[] before = {s[0] - h * s[1], s[1] - h * a[0], s[2] - h * s[3], s[3] - h * a[1]};
            double power = (energy(after) - energy(before)) / (2 * h);
            assertEquals((action == 1 ? 10 : -10) * s[1], power, 1e-6 * (1 + Math.abs(power)));
        }
    }

    private static double energy(double[] s) {
        double velocityAcross = s[1] + 0.5 * s[3] * Math.cos(s[2]);
        double velocityDown = 0.5 * s[3] * Math.sin(s[2]);
        double pole = 0.5 * 0.1 * (velocityAcross * velocityAcross + velocityDown * velocityDown);
        double spin = 0.5 * (0.1 * 0.5 * 0.5 / 3) * s[3] * s[3];
        return 0.5 * s[1] * s[1] + pole + spin + 0.1 * 9.8 * 0.5 * Math.cos(s[2]);
    }

    /** By hand: u = 10/1.1, θ̈ = −u / (½ (4/3 − 1/11)) = −600/41, ẍ = u + 0.05 · (600/41) / 1.1 = 400/41. */
    @Test
    void firstPushFromRestIsAsByHand() {
        double[] a = accelerations(new double[4], 1);
        assertEquals(400.0 / 41, a[0], 1e-12);
        assertEquals(-600.0 / 41, a[1], 1e-12);
    }

    @Test
    void startsWithinFiveHundredthsAndEndsBeyondTheLimits() {
        double[] state = new double[4];
        double least = 1;
        double most = -1;
        for (int episode = 0; episode < 1000; episode++) {
            CART_POLE.reset(state, NOISE.at(episode, 0));
            for (double number : state) {
                least = Math.min(least, number);
                most = Math.max(most, number);
            }
        }
        assertTrue(least >= -0.05 && least < -0.0499 && most <= 0.05 && most > 0.0499, least + " " + most);
        assertFalse(CART_POLE.isOver(new double[] {-2.4, 9, 0.2094, 9}));
        assertTrue(CART_POLE.isOver(new double[] {2.4001, 0, 0, 0}));
        assertTrue(CART_POLE.isOver(new double[] {0, 0, -0.2095, 0}));
    }
}
