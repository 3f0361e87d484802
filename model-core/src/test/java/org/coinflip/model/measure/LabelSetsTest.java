package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Test;

class LabelSetsTest {
    private static final float[][] LABELS = {{1, 0, 0, 0}, {1, 1, 0, 0}, {0, 1, 0, 0}};
    private static final float[][] PREDICTED = {
        {0.9f, 0.2f, 0.1f, 0.5f}, {0.4f, 0.8f, 0.7f, 0}, {0.51f, 0.6f, 0.3f, 0.1f}
    };

    /**
     * By hand: of 12 labels (2, 1), (2, 3) and (3, 1) are wrong. Of label 1 one is right, one missed, one wrongly predicted: F1 ½; of label 2 both: 1; of
     * label 3 one is wrongly predicted, of label 4 there is none: 0. Together 2·3 / (2·3 + 2 + 1).
     */
    @Test
    void countsLabelsAndExamples() {
        Map<String, Object> keys = measured(0, 1, 2);
        assertEquals(3.0 / 12, keys.get("hammingError"));
        assertEquals(2.0 / 3, keys.get("subsetError"));
        assertEquals(6.0 / 9, keys.get("microF1"));
        assertEquals(1.5 / 4, keys.get("macroF1"));
    }

    @Test
    void mergesToTheSame() {
        LabelSets first = of(0);
        first.merge(of(1, 2));
        Map<String, Object> keys = new LinkedHashMap<>();
        first.write(keys);
        assertEquals(measured(0, 1, 2), keys);
    }

    private static Map<String, Object> measured(int... rows) {
        Map<String, Object> keys = new LinkedHashMap<>();
        of(rows).write(keys);
        return keys;
    }

    private static LabelSets of(int... rows) {
        Matrix predictions = Matrix.padded(PREDICTED.length, PREDICTED[0].length);
        for (int r = 0; r < PREDICTED.length; r++) {
            for (int j = 0; j < PREDICTED[r].length; j++) {
                predictions.set(r, j, PREDICTED[r][j]);
            }
        }
        Examples examples = Examples.of(new float[3][1], LABELS);
        LabelSets sets = new LabelSets(PREDICTED[0].length);
        for (int row : rows) {
            sets.add(new Predicted(predictions, examples, 0, Optional.empty()), row);
        }
        return sets;
    }
}
