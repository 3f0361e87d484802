package org.coinflip.model.reward;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A square of n × n cells with the goal in its last corner. An episode begins in any other cell, all alike. The actions go up, down, left and
 * right (0 to 3); with the slip probability a step goes in any of the four directions instead, all alike; a step off the square stays.
 * The reward is −1 a step until the goal is reached. A policy sees which cell it is in, one of n² numbers being 1.
 *
 * @param size n, at least 2
 * @param slip probability that chance chooses the direction, in [0, 1)
 * @param mostSteps steps after which an episode is given up
 */
public record GridWorld(int size, double slip, int mostSteps) implements Environment {
    public static final String TYPE = "grid-world";

    private static final int ACTIONS = 4;
    private static final int WIDEST = 1000;
    private static final int[] ROWS = {-1, 1, 0, 0};
    private static final int[] COLUMNS = {0, 0, -1, 1};

    static GridWorld read(Section section) {
        return new GridWorld(
                section.integer("size", 5, 2, WIDEST),
                section.number("slip", 0.1, Range.BELOW_ONE),
                section.integer("most-steps", 100, 1, Environments.MOST_STEPS));
    }

    /** The cell that a step in a direction leads to, chance aside. */
    int neighbour(int cell, int direction) {
        int row = Math.max(0, Math.min(size - 1, cell / size + ROWS[direction]));
        int column = Math.max(0, Math.min(size - 1, cell % size + COLUMNS[direction]));
        return row * size + column;
    }

    private int goal() {
        return size * size - 1;
    }

    @Override
    public int observations() {
        return size * size;
    }

    @Override
    public int actions() {
        return ACTIONS;
    }

    @Override
    public int stateSize() {
        return 1;
    }

    @Override
    public void reset(double[] state, StepNoise noise) {
        state[0] = Math.floor(goal() * noise.uniform(0));
    }

    @Override
    public double act(double[] state, int action, StepNoise noise) {
        int direction = noise.uniform(0) < slip ? (int) (ACTIONS * noise.uniform(1)) : action;
        state[0] = neighbour((int) state[0], direction);
        return -1;
    }

    @Override
    public boolean isOver(double[] state) {
        return state[0] == goal();
    }

    @Override
    public void observe(double[] state, float[] out, int from) {
        Arrays.fill(out, from, from + observations(), 0f);
        out[from + (int) state[0]] = 1f;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("size", size);
        keys.put("slip", slip);
        keys.put("most-steps", mostSteps);
        return keys;
    }
}
