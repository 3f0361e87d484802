package org.coinflip.model.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class AnnealedTest {
    private static Annealed read(String hocon) {
        return Annealed.temperature(Section.root(ConfigFactory.parseString(hocon)), 0.7);
    }

    @Test
    void isConstantWhereANumberOrNothingIsWritten() {
        for (double t : new double[] {0, 0.3, 1}) {
            assertEquals(0.7, read("").at(t));
            assertEquals(2.5, read("temperature = 2.5").at(t));
            assertEquals(2.5, read("temperature = \"2.5\"").at(t), "as on a command line");
        }
    }

    @Test
    void annealsFromOneToTheOther() {
        Annealed exponential = read("temperature { from = 4, to = 0.25 }");
        assertEquals(4, exponential.at(0));
        assertEquals(1, exponential.at(0.5), 1e-12);
        assertEquals(0.25, exponential.at(1), 1e-12);
        Annealed linear = read("temperature { from = 0.2, to = 1, shape = linear }");
        assertEquals(0.2, linear.at(0));
        assertEquals(0.4, linear.at(0.25), 1e-12);
        assertEquals(1, linear.at(1), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temperature = 0.3",
                "temperature { from = 4, to = 0.25 }",
                "temperature { from = 4, to = 5, shape = linear }"
            })
    void readsWhatItWrites(String hocon) {
        Annealed temperature = read(hocon);
        Section written = Section.root(ConfigFactory.parseMap(Map.of("temperature", temperature.write())));
        assertEquals(temperature, Annealed.temperature(written, 9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temperature = 0 | temperature: got 0, expected a number in [0.001, 1000]",
                "temperature { from = 1 } | temperature.to: got nothing, expected a number",
                "temperature { from = 1, to = 0 } | temperature.to: got 0, expected a number in [0.001, 1000]",
                "temperature { from = 1, to = 2, shape = liner } | temperature.shape: got \"liner\", expected one of exponential, linear; did you mean linear?",
                "temperature { from = 1, to = 2, form = 1 } | temperature.form: unknown key; did you mean from?; known here: from, shape, to"
            })
    void refusesInOneLine(String hocon, String message) {
        assertEquals(
                message, assertThrows(UsageException.class, () -> read(hocon)).getMessage());
    }

    /** y and its derivative tell the temperature: ∂y/∂a = y (1 − y) / τ. */
    @Test
    void annealsUnitsWithTheTraining() {
        String way = "{ from = 2, to = 0.5, shape = linear }";
        Network units = Networks.of(
                2,
                "{ type = stochastic, units = 3, law = { type = concrete, temperature = " + way + " } }",
                "{ type = output, units = 2 }");
        Examples examples = Networks.random(8, 2, 2, 1);
        Pass pass = units.bind(Networks.state(units, 3, 1), new GradientSink(units.layout()), Backend.detect(), 8);
        pass.load(examples, Networks.places(8), 8);
        StochasticStage site = pass.stochasticStages().get(0);
        for (double progress : new double[] {0, 0.4, 1}) {
            pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
            pass.context().setProgress(progress);
            pass.forward();
            double y = site.samples().get(2, 1);
            assertEquals(
                    y * (1 - y) / (2 - 1.5 * progress),
                    site.derivative().get(2, 1),
                    Rounding.of(4, 1 / (2 - 1.5 * progress)));
        }
    }

    /** Inputs of 0 give the noise itself, the same normal numbers times what s is now. */
    @Test
    void annealsNoiseWithTheTraining() {
        Network noisy = Networks.of(
                3,
                "{ type = gaussian-noise, std { from = 0.4, to = 0, shape = linear } }",
                "{ type = output, units = 2 }");
        Pass pass = noisy.bind(Networks.state(noisy, 3, 1), new GradientSink(noisy.layout()), Backend.detect(), 2);
        pass.load(Networks.copies(2, 2, 0, 0, 0, 0), Networks.places(2), 2);
        pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
        pass.forward();
        double first = pass.output(0).get(1, 2);
        for (double progress : new double[] {0.25, 0.5, 1}) {
            pass.context().setProgress(progress);
            pass.forward();
            assertEquals((1 - progress) * first, pass.output(0).get(1, 2), Rounding.of(4, first));
        }
        assertNotEquals(0, first);
    }
}
