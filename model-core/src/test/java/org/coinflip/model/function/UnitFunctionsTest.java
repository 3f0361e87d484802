package org.coinflip.model.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.util.Collections;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of units: values, derivatives and what they refuse. */
class UnitFunctionsTest {
    private static final String TABLE = "type = table, values = [3, -1, 4, 1, -5, 9, 2, 6]";

    private static UnitFunction read(String keys) {
        return UnitFunctions.read(Section.root(ConfigFactory.parseString(keys)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type = linear, weights = [0.5, -2, 7]", "type = quadratic, t = 0.3", TABLE})
    void derivativesAreThoseOfTheValues(String keys) {
        UnitFunction function = read(keys);
        UnitFunction.Evaluator f = function.evaluator(3);
        for (double[] point : new double[][] {{0, 0, 0}, {1, 0, 1}, {0.2, 0.9, 0.5}, {-0.3, 1.7, 2}}) {
            double[] gradient = new double[3];
            f.differentiate(point, gradient);
            assertArrayEquals(Enumeration.centralDifferences(point, f::value), gradient, 1e-8);
        }
        assertEquals(function, UnitFunctions.read(Section.root(ConfigFactory.parseMap(function.write()))));
    }

    @Test
    void quadraticOfOneUnitIsTheToy() {
        UnitFunction.Evaluator f = read("type = quadratic, t = 0.45").evaluator(1);
        assertEquals(0.55 * 0.55, f.value(new double[] {1}), 1e-15);
        assertEquals(0.45 * 0.45, f.value(new double[] {0}), 1e-15);
    }

    @Test
    void tableTakesTheFirstUnitForTheFastestBitAndIsAnExpectationBetween() {
        double[] values = {3, -1, 4, 1, -5, 9, 2, 6};
        UnitFunction.Evaluator f = read(TABLE).evaluator(3);
        double[] means = {0.2, 0.9, 0.4};
        double expectation = 0;
        for (int b = 0; b < 8; b++) {
            double[] bits = {b & 1, b >> 1 & 1, b >> 2 & 1};
            assertEquals(values[b], f.value(bits), "value of " + b);
            double probability = 1;
            for (int i = 0; i < 3; i++) {
                probability *= bits[i] == 1 ? means[i] : 1 - means[i];
            }
            expectation += probability * values[b];
        }
        assertEquals(expectation, f.value(means), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = table, values = [1, 2, 3] | values: got 3 numbers, expected 2^D of them for D units, the first unit the fastest bit",
                "type = table, values = [1] | values: got 1 numbers, expected 2^D of them for D units, the first unit the fastest bit",
                "type = table | values: got nothing, expected a list of numbers",
                "type = table, values = [1, NaN] | values[1]: got NaN, expected a finite number",
                "type = linear, weights = [Infinity] | weights[0]: got Infinity, expected a finite number",
                "type = quadratic, t = x | t: got \"x\", expected a number",
                "type = quadratic, s = 1 | s: unknown key; did you mean t?; known here: t, type",
                "type = tabel | type: got \"tabel\", expected a function of units, one of linear, quadratic, table; did you mean table?"
            })
    void refusesInOneLine(String keys, String message) {
        assertEquals(
                message, assertThrows(UsageException.class, () -> read(keys)).getMessage());
    }

    @Test
    void refusesUnitsItIsNotAFunctionOf() {
        Linear linear = new Linear(List.of(1.0, 2.0));
        Table table = new Table(Collections.nCopies(8, 1.0));
        assertEquals(
                "top.weights: got 2 numbers, expected 3, one for each unit below",
                assertThrows(UsageException.class, () -> linear.check(3, "top")).getMessage());
        assertEquals(
                "top.values: got 8 numbers, expected 2^2 = 4 for the 2 units below",
                assertThrows(UsageException.class, () -> table.check(2, "top")).getMessage());
        assertEquals(
                "top.values: got 8 numbers, expected a table of at most 20 units, not of 40",
                assertThrows(UsageException.class, () -> table.check(40, "top")).getMessage());
    }
}
