package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be a policy is refused before anything is played, in one line that says what can. */
class PolicyRefusalTest {
    private static final String REWARD = "{ type = reward }";

    private static String refused(Environment environment, String... layers) {
        UsageException e = assertThrows(
                UsageException.class,
                () -> ActionCode.of(Networks.spec(environment.observations(), layers), environment));
        assertFalse(e.getMessage().contains("\n"));
        return e.getMessage();
    }

    private static String neurons(int units, String rest) {
        return "{ type = stochastic, units = " + units + ", " + rest + " }";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "straight-through",
                "rloo",
                "arm",
                "disarm",
                "exact",
                "local-expectation",
                "spsa",
                "rebar",
                "relax"
            })
    void anEstimatorThatNeedsMoreThanWhatWasEarnedNamesThoseThatDoNot(String estimator) {
        String message = refused(
                new CartPole(10), neurons(3, "estimator = " + estimator), neurons(1, "estimator = reinforce"), REWARD);
        assertTrue(message.contains("network.layers[0].estimator: got " + estimator), message);
        assertTrue(message.contains("nvil, reinforce"), message);
        assertFalse(message.substring(message.indexOf("expected")).contains("straight-through"), message);
    }

    @Test
    void actionsAreBitsOrOneCategory() {
        GridWorld grid = new GridWorld(3, 0, 10);
        String categorical = "law { type = categorical, categories = 4 }, estimator = reinforce";
        assertEquals(
                ActionCode.BITS, ActionCode.of(Networks.spec(9, neurons(2, "estimator = reinforce"), REWARD), grid));
        assertEquals(ActionCode.CATEGORY, ActionCode.of(Networks.spec(9, neurons(4, categorical), REWARD), grid));
        for (String layer : new String[] {
            neurons(3, "estimator = reinforce"),
            neurons(8, categorical),
            neurons(4, "law { type = categorical, categories = 2 }, estimator = reinforce"),
            "{ type = dense, units = 2 }"
        }) {
            String message = refused(grid, layer, REWARD);
            assertTrue(message.contains("expected 2 bernoulli units, or"), message);
            assertTrue(message.contains("one of 4 actions"), message);
        }
        assertTrue(refused(grid, REWARD).contains("got nothing below"));
    }

    @Test
    void threeActionsAreNoBits() {
        Bandit bandit = new Bandit(1, java.util.List.of(0.1, 0.2, 0.3));
        String message = refused(bandit, neurons(2, "estimator = reinforce"), REWARD);
        assertTrue(message.contains("categories = 3") && !message.contains("bernoulli units, or"), message);
    }

    @Test
    void rewardsAndDataDoNotGoTogether() {
        assertTrue(refused(new CartPole(10), neurons(1, "estimator = reinforce"), "{ type = output, units = 2 }")
                .contains("expected { type = reward }"));
        Network policy = Networks.of(4, neurons(1, "estimator = reinforce"), REWARD);
        UsageException e = assertThrows(UsageException.class, () -> policy.check(4, 10));
        assertTrue(e.getMessage().contains("environment"), e.getMessage());
    }
}
