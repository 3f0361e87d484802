package org.coinflip.data.raw;

import java.util.OptionalInt;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * How many classes a source has, and which labels that admits. Where the number is declared, labels are the classes' numbers. Where it
 * is not, the labels that there are decide: 0 … k − 1 are the classes' numbers, any others are classes in ascending order, see {@link
 * Naming#labels}.
 */
public final class ClassCount {
    /** More classes than this is a column that is no label. */
    public static final int MOST = 1 << 20;

    /** Fewer examples a class than this, and the number of classes has to be declared. */
    private static final int LEAST_EXAMPLES = 2;

    private ClassCount() {}

    /** The key {@code classes}, 2 to 2²⁰; absent where the labels decide. */
    public static OptionalInt read(Section section) {
        return section.optionalInteger("classes", 2, MOST);
    }

    /** Whether a label is 0 … classes − 1; where the number of classes is open, 0 … 2²⁰ − 1. */
    public static boolean admits(OptionalInt classes, long label) {
        return label >= 0 && label < classes.orElse(MOST);
    }

    /** What a label has to be, for messages. */
    public static String expected(OptionalInt classes) {
        return "a label from 0 to " + (classes.orElse(MOST) - 1);
    }

    /**
     * Refuses labels from which no classes can be learned: of a single one, or of so many that their column is likely no label.
     *
     * @param declared whether the user says how many classes there are
     */
    static void requireLearnable(RawData data, boolean declared) {
        boolean areOfClasses = data.development().greatestLabel() >= 0;
        if (declared || !areOfClasses) {
            return;
        }
        String path = data.files().get(data.files().size() - 1).name();
        if (data.classes() < 2) {
            throw new DataException(path + ": every label is " + data.naming().called(0)
                    + ", expected at least two classes: correct the labels, or give data.classes");
        }
        if (data.examples() < (long) LEAST_EXAMPLES * data.classes()) {
            throw new DataException(path + ": got " + data.classes() + " classes for " + data.examples()
                    + " examples, expected at least " + LEAST_EXAMPLES
                    + " examples a class: correct data.label-column, or give data.classes if these are the labels");
        }
    }
}
