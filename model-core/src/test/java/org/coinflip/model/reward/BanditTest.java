package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

class BanditTest {
    private static Environment read(String hocon) {
        return Environments.read(Section.root(ConfigFactory.parseString("environment { " + hocon + " }"))
                .typed("environment", null));
    }

    private static void refuses(String hocon, String... said) {
        UsageException e = assertThrows(UsageException.class, () -> read(hocon));
        for (String part : said) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    /** 4.5 standard errors for each of six probabilities: false about once in 25,000 seeds. */
    @Test
    void rewardsComeWithTheProbabilitiesOfTheTable() {
        Environment bandit = read("type = bandit, contexts = 2, success = [0, 0.25, 1, 0.5, 0.9, 0.1]");
        double[] expected = {0, 0.25, 1, 0.5, 0.9, 0.1};
        int n = 20_000;
        StepNoise noise = new StepNoise(Mode.TRAIN, 5, 0);
        for (int cell = 0; cell < expected.length; cell++) {
            double sum = 0;
            for (int episode = 0; episode < n; episode++) {
                sum += bandit.act(new double[] {cell / 3}, cell % 3, noise.at(episode, 1));
            }
            double error = Math.sqrt(expected[cell] * (1 - expected[cell]) / n);
            assertEquals(expected[cell], sum / n, 4.5 * error);
        }
    }

    @Test
    void environmentsReadBackWhatTheyWrite() {
        for (String written : new String[] {
            "type = bandit, contexts = 2, success = [0.5, 1, 0, 0.25]",
            "type = cart-pole, most-steps = 7",
            "type = grid-world, size = 3, slip = 0.5, most-steps = 9"
        }) {
            Environment environment = read(written);
            assertEquals(environment, Environments.read(Section.root(ConfigFactory.parseMap(environment.write()))));
        }
    }

    @Test
    void whatIsNoEnvironmentIsRefused() {
        refuses("type = cartpole", "environment.type", "cart-pole", "did you mean cart-pole?");
        refuses("", "environment.type: got nothing", "bandit, cart-pole, grid-world");
        refuses("type = bandit, contexts = 2, success = [0.5, 0.5, 0.5]", "environment.success: got 3 numbers for 2");
        refuses("type = bandit, success = [0.5, 1.5]", "environment.success[1]: got 1.5");
        refuses("type = grid-world, slip = 1", "environment.slip");
        refuses("type = grid-world, size = 1", "environment.size");
        refuses("type = cart-pole, gravity = 3", "environment.gravity: unknown key");
    }
}
