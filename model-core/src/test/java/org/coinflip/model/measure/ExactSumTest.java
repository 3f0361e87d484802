package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {
    private final Random random = new Random(7);

    /** Of any exponent, so that most vanish in a sum that rounds. */
    private List<Double> numbers(int count) {
        List<Double> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(Math.scalb(random.nextDouble() - 0.5, random.nextInt(2000) - 1020));
        }
        Collections.addAll(numbers, 0.0, -0.0, Double.MIN_VALUE, -Double.MIN_NORMAL, 1e300, -1e300, 1.0, Math.PI);
        return numbers;
    }

    @Test
    void isTheSumOfBigDecimals() {
        List<Double> numbers = numbers(500);
        BigDecimal expected = BigDecimal.ZERO;
        ExactSum sum = new ExactSum();
        for (double x : numbers) {
            expected = expected.add(new BigDecimal(x));
            sum.add(x);
        }
        assertEquals(0, expected.compareTo(sum.exact()));
        assertEquals(expected.doubleValue(), sum.value());
    }

    @Test
    void doesNotDependOnOrderOrGrouping() {
        List<Double> numbers = numbers(300);
        ExactSum one = new ExactSum();
        numbers.forEach(one::add);
        for (int trial = 0; trial < 10; trial++) {
            Collections.shuffle(numbers, random);
            ExactSum[] parts = {new ExactSum(), new ExactSum(), new ExactSum()};
            numbers.forEach(x -> parts[random.nextInt(3)].add(x));
            parts[2].add(parts[0]);
            parts[2].add(parts[1]);
            assertEquals(one.exact(), parts[2].exact());
        }
    }

    @Test
    void losesNothingToCancellation() {
        ExactSum sum = new ExactSum();
        for (double x : new double[] {1e100, 1, -1e100, 1e-100}) {
            sum.add(x);
        }
        assertEquals(1.0, sum.value());
        sum.add(-1);
        assertEquals(1e-100, sum.value());
    }

    @Test
    void refusesWhatIsNotFinite() {
        for (double x : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new ExactSum().add(x));
        }
    }
}
