package org.coinflip.model.reward;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A contextual bandit: an episode is one step. Its context is any of so many, all alike, which a policy sees as that many numbers of which one is
 * 1; the reward of an action is 1 with a probability of the context and the action, else 0. The best policy's mean reward is the mean over
 * contexts of the greatest probability.
 *
 * @param contexts how many, at least 1
 * @param success P(reward = 1), the actions of the first context first
 */
public record Bandit(int contexts, List<Double> success) implements Environment {
    public static final String TYPE = "bandit";

    static Bandit read(Section section) {
        int contexts = section.integer("contexts", 1, 1, 1 << 20);
        List<Double> success = section.numbers("success");
        if (success.isEmpty() || success.size() % contexts != 0 || success.size() / contexts < 2) {
            throw new UsageException(section.path("success") + ": got " + success.size() + " numbers for " + contexts
                    + " contexts, expected as many probabilities for each context as there are actions, at least 2");
        }
        for (int i = 0; i < success.size(); i++) {
            if (!Range.UNIT.contains(success.get(i))) {
                throw new UsageException(section.path("success") + "[" + i + "]: got " + success.get(i)
                        + ", expected a number in [0, 1]");
            }
        }
        return new Bandit(contexts, success);
    }

    @Override
    public int observations() {
        return contexts;
    }

    @Override
    public int actions() {
        return success.size() / contexts;
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int stateSize() {
        return 1;
    }

    @Override
    public void reset(double[] state, StepNoise noise) {
        state[0] = Math.floor(contexts * noise.uniform(0));
    }

    @Override
    public double act(double[] state, int action, StepNoise noise) {
        return noise.uniform(0) < success.get((int) state[0] * actions() + action) ? 1 : 0;
    }

    @Override
    public boolean isOver(double[] state) {
        return true;
    }

    @Override
    public void observe(double[] state, float[] out, int from) {
        Arrays.fill(out, from, from + contexts, 0f);
        out[from + (int) state[0]] = 1f;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("contexts", contexts);
        keys.put("success", success);
        return keys;
    }
}
