package org.coinflip.model.reward;

/**
 * What a batch of episodes met, a row a step; the rows of one step of all episodes that are still going on are neighbours, in the episodes'
 * order. Memory made once; belongs to one thread.
 */
public final class Experience {
    private final int width;
    private final long[] ids;
    private final int[] episodes;
    private final int[] actions;
    private final double[] rewards;
    private final float[] observations;
    private final int[] going;
    private final double[] returns;
    private final double[] toGo;
    private final int[] lengths;
    private int rows;
    private int steps;
    private int count;

    /** @param most the most episodes of a batch */
    Experience(Environment environment, int most) {
        int capacity = Math.multiplyExact(most, environment.mostSteps());
        width = environment.observations();
        ids = new long[capacity];
        episodes = new int[capacity];
        actions = new int[capacity];
        rewards = new double[capacity];
        observations = new float[Math.multiplyExact(capacity, width)];
        going = new int[environment.mostSteps()];
        returns = new double[most];
        toGo = new double[most];
        lengths = new int[most];
    }

    /** Forgets all and begins a batch. */
    void begin(int number) {
        count = number;
        rows = 0;
        steps = 0;
        for (int e = 0; e < number; e++) {
            returns[e] = 0;
            lengths[e] = 0;
        }
    }

    /** Adds a step of an episode and gives its row; the observation is to be written at {@code row · width}. */
    int add(long id, int episode) {
        ids[rows] = id;
        episodes[rows] = episode;
        return rows++;
    }

    /** Says that the last rows, this many, are one step of all that is going on. */
    void endStep(int number) {
        going[steps++] = number;
    }

    /** Takes what an action earned. */
    void earn(int row, int action, double reward) {
        actions[row] = action;
        rewards[row] = reward;
        returns[episodes[row]] += reward;
        lengths[episodes[row]]++;
    }

    /**
     * Each row's loss: the negative of its reward and, discounted, of those that came after, {@code −Σ_{s ≥ t} γ^{s−t} r_s}.
     *
     * @param discount γ
     * @param losses out
     */
    void writeLosses(double discount, float[] losses) {
        for (int e = 0; e < count; e++) {
            toGo[e] = 0;
        }
        for (int row = rows - 1; row >= 0; row--) {
            int e = episodes[row];
            toGo[e] = rewards[row] + discount * toGo[e];
            losses[row] = (float) -toGo[e];
        }
    }

    /** Steps of all episodes: the rows. */
    public int rows() {
        return rows;
    }

    /** Episodes in the batch. */
    public int episodes() {
        return count;
    }

    /** Sum of an episode's rewards, undiscounted. */
    public double returned(int episode) {
        return returns[episode];
    }

    /** Steps of an episode. */
    public int length(int episode) {
        return lengths[episode];
    }

    /** The action of a row. */
    public int action(int row) {
        return actions[row];
    }

    long[] ids() {
        return ids;
    }

    float[] observations() {
        return observations;
    }

    int width() {
        return width;
    }

    /** Rows of each step; the first {@link #steps} count. */
    int[] going() {
        return going;
    }

    /** Steps of the longest episode. */
    int steps() {
        return steps;
    }
}
