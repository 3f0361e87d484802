package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.spark.report.ConfusionMatrix.Cell;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    @Test
    void recallIsThePartOfATrueClassThatWasTakenForIt() {
        ConfusionMatrix matrix =
                of(new long[][] {{97, 2, 1}, {0, 0, 0}, {0, 1, 1}}).orElseThrow();
        assertEquals(
                List.of("97.0%", "–", "50.0%"),
                matrix.rows().stream().map(ConfusionMatrix.Row::recall).toList());
        assertEquals("97 of 100", matrix.rows().get(0).recallCounts());
    }

    @Test
    void mistakesAreShadedByTheirShareOfTheTrueClassNotByTheirCount() {
        ConfusionMatrix matrix =
                of(new long[][] {{9990, 10, 0}, {5, 4, 1}, {0, 0, 7}}).orElseThrow();
        assertEquals(
                List.of(new Cell("9\u202f990", "right"), new Cell("10", "m1"), new Cell("", "")),
                matrix.rows().get(0).cells());
        assertEquals(
                List.of(new Cell("5", "m8"), new Cell("4", "right"), new Cell("1", "m2")),
                matrix.rows().get(1).cells());
        assertFalse(matrix.rows().get(0).cells().get(2).marked());
    }

    @Test
    void namesTheConfusionsThatComeMostOften() {
        String note =
                of(new long[][] {{9, 1, 0}, {3, 9, 0}, {0, 2, 9}}).orElseThrow().note();
        assertTrue(note.contains("up to 25.00%"), note);
        assertTrue(note.replace('\u00a0', ' ').endsWith("Most often: 1 → 0 (3), 2 → 1 (2), 0 → 1 (1)."), note);
    }

    @Test
    void aRunWithoutMistakesIsAllMuted() {
        ConfusionMatrix matrix = of(new long[][] {{5, 0}, {0, 6}}).orElseThrow();
        assertEquals("No example was taken for another class.", matrix.note());
    }

    @Test
    void listsCountAsArraysDo() {
        assertEquals(of(new long[][] {{5, 1}, {2, 6}}), of(List.of(List.of(5, 1), List.of(2.0, 6L))));
    }

    @Test
    void isSetCloseAboveTwentyFiveClassesAndLeftOutAboveAHundred() {
        assertFalse(of(new long[25][25], 1).dense());
        assertTrue(of(new long[26][26], 1).dense());
        assertEquals(100, of(new long[100][100], 1).size());
        ConfusionMatrix many = of(new long[101][101], 1);
        assertFalse(many.hasRows());
        assertTrue(many.note().contains("101 classes") && many.note().contains("(1)"), many.note());
    }

    @Test
    void whatIsNoConfusionOfExamplesIsNotShown() {
        for (Object none : List.of(
                List.of(),
                "confusion",
                new long[][] {{3}},
                new long[2][2],
                new long[][] {{1, 2}, {3}},
                new long[][] {{1, 2, 3}, {4, 5, 6}},
                new long[][] {{1, -2}, {3, 4}},
                new double[][] {{1, 0.5}, {3, 4}},
                new double[][] {{1, Double.NaN}, {3, 4}},
                List.of(List.of(1, "two"), List.of(3, 4)))) {
            assertEquals(Optional.empty(), of(none));
        }
    }

    private static ConfusionMatrix of(long[][] zeros, long mistakes) {
        zeros[0][1] = mistakes;
        return of(zeros).orElseThrow();
    }

    private static Optional<ConfusionMatrix> of(Object confusion) {
        return ConfusionMatrix.of(Fields.of(Map.of("confusion", confusion)));
    }
}
