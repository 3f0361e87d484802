package org.coinflip.spark.sweep.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.Test;

class SpaceTest {
    private static Space space(String text, String... constraints) {
        return Space.read(ConfigFactory.parseString(text).root(), List.of(constraints));
    }

    private static double[] point(Space space, double... coordinates) {
        assertEquals(space.axes().size(), coordinates.length);
        return coordinates;
    }

    @Test
    void numbersAreTheQuantilesOfTheirLaws() {
        Space space = space(
                """
                a { uniform = [2, 4] }
                b { log-uniform = [1e-4, 1] }
                c { int = [3, 6] }
                d { normal = [10, 2] }
                e { int = [1, 7], log = true }
                f { uniform = [0, 1], step = 0.25 }
                """);
        Configuration middle = space.at(point(space, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5));
        assertEquals(3.0, middle.values().get("a"));
        assertEquals(1e-2, (double) middle.values().get("b"), 1e-12);
        assertEquals(5L, middle.values().get("c"));
        assertEquals(10.0, (double) middle.values().get("d"), 1e-9);
        // between 1 and 8 on a logarithmic scale, the middle is √8, which is cut to 2
        assertEquals(2L, middle.values().get("e"));
        assertEquals(0.5, middle.values().get("f"));
        Configuration end = space.at(point(space, 1, 1, 1, 0.975, 1, 1));
        assertEquals(4.0, end.values().get("a"));
        assertEquals(6L, end.values().get("c"));
        assertEquals(7L, end.values().get("e"));
        assertEquals(1.0, end.values().get("f"));
        // the 97.5 % quantile of a normal law is 1.95996 standard deviations above its mean
        assertEquals(10 + 2 * 1.959964, (double) end.values().get("d"), 1e-5);
    }

    @Test
    void axesAreLogarithmicWhereTheirLawIs() {
        Space space = space(
                """
                a { uniform = [2, 4] }
                b { log-uniform = [1e-4, 1] }
                c { int = [3, 6] }
                d { int = [1, 7], log = true }
                e = [0.001, 0.01, 0.1]
                """);
        assertEquals(Set.of("b", "d"), space.logarithmic());
    }

    @Test
    void stepsAreDecimal() {
        Space space = space("f { uniform = [0, 1], step = 0.1 }, g { uniform = [0.05, 0.3], step = 0.05 }");
        for (int k = 0; k <= 10; k++) {
            assertEquals(k == 10 ? 1.0 : Double.parseDouble("0." + k), (double)
                    space.at(point(space, (k + 0.5) / 11, 0)).values().get("f"));
        }
        assertEquals(0.3, space.at(point(space, 0, 1)).values().get("g"));
    }

    @Test
    void anAxisInAnOptionIsThereWithThatOptionOnly() {
        Space space = space(
                """
                layer.estimator { choice = [
                  reinforce
                  { type = concrete, temperature { uniform = [0, 2] } }
                ] }
                """);
        assertEquals("layer.estimator", space.axes().get(0).name());
        assertEquals("layer.estimator.concrete.temperature", space.axes().get(1).name());
        Configuration first = space.at(point(space, 0.2, 0.5));
        assertEquals(Map.of("layer.estimator", "reinforce"), first.values());
        assertEquals("reinforce", first.settings().get("layer.estimator"));
        assertTrue(Double.isNaN(first.point()[1]));
        Configuration second = space.at(point(space, 0.7, 0.5));
        assertEquals(
                Map.of("type", "concrete", "temperature", 1.0),
                second.settings().get("layer.estimator"));
        assertEquals(1.0, second.values().get("layer.estimator.concrete.temperature"));
    }

    @Test
    void optionsOfOneTypeAreToldApartByWhatElseTheyFix() {
        Space space = space("e = [ { type = st }, { type = st, derivative = sigmoid }, st, 3 ]");
        Axis axis = space.axes().get(0);
        assertEquals(4, axis.options());
        assertEquals("st", axis.distribution().value(0));
        assertEquals("st(derivative=sigmoid)", axis.distribution().value(0.3));
        assertEquals("st#2", axis.distribution().value(0.6));
        assertEquals(3, axis.distribution().value(0.9));
    }

    @Test
    void layersAreSetByPlaceAndByType() {
        Config base = ConfigFactory.parseString(
                """
                network.layers = [ { type = stochastic, units = 3, law = bernoulli }, { type = dense, units = 4 }, { type = stochastic, units = 5 } ]
                training.batch = 16
                """);
        Config set = Overlay.apply(
                base,
                Map.of(
                        "network.layers.stochastic.estimator.type",
                        "rloo",
                        "network.layers.1.units",
                        9,
                        "network.layers.0.law.slope",
                        2,
                        "training.updater.learning-rate",
                        0.5));
        List<? extends Config> layers = set.getConfigList("network.layers");
        assertEquals("rloo", layers.get(0).getString("estimator.type"));
        assertEquals("rloo", layers.get(2).getString("estimator.type"));
        assertFalse(layers.get(1).hasPath("estimator"));
        assertEquals(9, layers.get(1).getInt("units"));
        assertEquals("bernoulli", layers.get(0).getString("law.type"));
        assertEquals(0.5, set.getDouble("training.updater.learning-rate"));
        assertEquals(16, set.getInt("training.batch"));
        assertEquals(4, base.getConfigList("network.layers").get(1).getInt("units"));
        UsageException e =
                assertThrows(UsageException.class, () -> Overlay.apply(base, Map.of("network.layers.maxout.units", 2)));
        assertTrue(e.getMessage().contains("got maxout"), e.getMessage());
    }

    @Test
    void constraintsCompareSumsOfProducts() {
        Space space =
                space("a.b { int = [1, 10] }, c-d { int = [1, 10] }, e = [x, { type = y, t { uniform = [0, 1] } }]");
        Configuration at = space.at(point(space, 0.25, 0.45, 0.1, 0.5));
        assertEquals(3L, at.values().get("a.b"));
        assertEquals(5L, at.values().get("c-d"));
        Map<String, Boolean> expected = Map.of(
                "a.b * c-d <= 15", true,
                "a.b * c-d < 15", false,
                "2 + a.b * (c-d - 1) == 14", true,
                "a.b / c-d > 0.6 or e == 'x'", true,
                "e != 'x'", false,
                "e.y.t < 0.1", true,
                "base.key >= a.b", false);
        expected.forEach((constraint, holds) -> {
            Space with = space(
                    "a.b { int = [1, 10] }, c-d { int = [1, 10] }, e = [x, { type = y, t { uniform = [0, 1] } }]",
                    constraint);
            assertEquals(holds, with.allows(at, Map.of("base.key", 2)), constraint);
        });
    }

    @Test
    void aSpaceThatMakesNoSenseIsRefusedInALine() {
        refused("got no option", "a = []");
        refused("got no option", "a { choice = [] }");
        refused("lower end first", "a { uniform = [2, 1] }");
        refused("above 0", "a { log-uniform = [0, 1] }");
        refused("whole numbers", "a { int = [0.5, 1] }");
        refused("[low, high]", "a { uniform = [1] }");
        refused("unknown key", "a { uniform = [1, 2], stp = 1 }");
        refused("standard deviation", "a { normal = [1, 0] }");
        refused("expected a comparison", "a { int = [1, 2] }", "a <");
        refused("expected a comparison", "a { int = [1, 2] }", "a ? 2");
        refused("expected a comparison", "a { int = [1, 2] }", "a");
    }

    private static void refused(String part, String text, String... constraints) {
        UsageException e = assertThrows(UsageException.class, () -> space(text, constraints));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /** For each law, the coordinates of its values give the values back, and what is no value has none. */
    @Test
    void valuesHaveCoordinates() {
        Space space = space(
                """
                u { uniform = [-1, 3] }, s { uniform = [0, 1], step = 0.1 }, l { log-uniform = [1e-5, 0.1] }
                i { int = [2, 9] }, j { int = [1, 300], log = true }, n { normal = [3, 2] }, c = [a, 7, 0.5]
                """);
        for (Axis axis : space.axes()) {
            for (double u = 0.01; u < 1; u += 0.07) {
                Object value = axis.distribution().value(u);
                double coordinate = axis.distribution().coordinate(value).orElseThrow();
                Object back = axis.distribution().value(coordinate);
                if (value instanceof Double number) {
                    assertEquals(number, (Double) back, 1e-12, axis.name());
                } else {
                    assertEquals(value, back, axis.name());
                }
                assertEquals(
                        coordinate,
                        axis.distribution().coordinate(String.valueOf(value)).orElseThrow());
            }
        }
        Map<String, Object> none = Map.of("u", 3.1, "s", 0.15, "l", 0.2, "i", 2.5, "j", 301, "n", "x", "c", 0.51);
        none.forEach((name, value) -> assertTrue(
                space.axis(name).orElseThrow().distribution().coordinate(value).isEmpty(), name));
    }
}
