package org.coinflip.spark.explanation;

import java.util.List;
import org.coinflip.data.DataSpec;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * An example as it was asked for.
 *
 * @param text as it was written
 * @param id of it
 * @param isNumber whether ids are numbers
 */
record ExampleName(String text, long id, boolean isNumber) {
    /** Of data whose ids are texts, an id is made of the text. */
    static ExampleName read(String text, DataSpec data) {
        try {
            if (!"texts".equals(data.asMap().get("id-type"))) {
                return new ExampleName(text, Long.parseLong(text), true);
            }
        } catch (NumberFormatException e) {
            // then it can only be a text
        }
        return new ExampleName(text, IdTexts.id(text), false);
    }

    /** What it is called. */
    Object called() {
        return isNumber ? (Object) id : text;
    }

    /** Its place among some examples; −1 where it is not among them. */
    int placeIn(Examples examples) {
        for (int i = 0; i < examples.size(); i++) {
            if (examples.id(i) == id) {
                return i;
            }
        }
        return -1;
    }

    /** That there is none, with what there is. */
    DataException unknown(List<Examples> all) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        long nearest = 0;
        long distance = Long.MAX_VALUE;
        int size = 0;
        for (Examples examples : all) {
            size += examples.size();
            for (int i = 0; i < examples.size(); i++) {
                long other = examples.id(i);
                least = Math.min(least, other);
                greatest = Math.max(greatest, other);
                if (Math.abs(other - id) < distance) {
                    distance = Math.abs(other - id);
                    nearest = other;
                }
            }
        }
        String expected = isNumber
                ? "one of " + size + " ids from " + least + " to " + greatest + ", of which " + nearest
                        + " is the nearest"
                : "one of the " + size + " that the data have";
        return new DataException("example: got " + text + ", which is in no split, expected " + expected
                + ": predict.sh writes all ids");
    }
}
