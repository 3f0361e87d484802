package org.coinflip.data.source;

import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;

/** How many classes a source has, and which labels that admits. */
final class ClassCount {
    /** More classes than this is a column that is no label. */
    static final int MOST = 1 << 20;

    private ClassCount() {}

    /** The key {@code classes}, 2 to 2²⁰; absent where the labels decide. */
    static OptionalInt read(Section section) {
        return section.has("classes") ? OptionalInt.of(section.integer("classes", 2, MOST)) : OptionalInt.empty();
    }

    /** Whether a label is 0 … classes − 1; where the number of classes is open, 0 … 2²⁰ − 1. */
    static boolean admits(OptionalInt classes, long label) {
        return label >= 0 && label < classes.orElse(MOST);
    }

    /** What a label has to be, for messages. */
    static String expected(OptionalInt classes) {
        return "a label from 0 to " + (classes.orElse(MOST) - 1);
    }

    /** The declared number, or one more than the greatest label of all examples. */
    static int of(OptionalInt declared, String path, RawExamples development, Optional<RawExamples> test) {
        if (declared.isPresent()) {
            return declared.getAsInt();
        }
        int classes =
                Math.max(greatest(development), test.map(ClassCount::greatest).orElse(0)) + 1;
        if (classes < 2) {
            throw new DataException(path + ": every label is 0, expected at least two classes: "
                    + "correct the labels, or give data.classes");
        }
        return classes;
    }

    private static int greatest(RawExamples examples) {
        int greatest = 0;
        for (int i = 0; i < examples.size(); i++) {
            greatest = Math.max(greatest, examples.label(i));
        }
        return greatest;
    }
}
