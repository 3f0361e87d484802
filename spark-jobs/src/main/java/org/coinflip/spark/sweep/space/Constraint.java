package org.coinflip.spark.sweep.space;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.error.UsageException;

/**
 * A condition between axes, such as {@code training.batch * averaging.workers <= 256}: two sums of products, compared. Names may hold
 * dashes and dots, so a minus stands between spaces; text stands in quotes and is compared by {@code ==} and {@code !=} alone.
 * Comparisons are joined by {@code or}; a list of constraints is their conjunction. Immutable.
 */
public final class Constraint {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?)|'([^']*)'|([A-Za-z_][\\w.#-]*)|(<=|>=|==|!=|[-+*/()<>]))");

    private final String key;
    private final String text;
    private final List<Object> tokens = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private record Name(String name) {}

    private record Symbol(String symbol) {}

    /** Ends the evaluation of a comparison in which something is absent. */
    private static final class Absent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Absent() {
            super(null, null, false, false);
        }
    }

    private Constraint(String key, String text) {
        this.key = key;
        this.text = text;
    }

    /** Reads a condition of {@code sweep.constraints} and refuses one that is none. */
    static Constraint parse(String text) {
        return parse("sweep.constraints", text);
    }

    /** Reads a condition and refuses one that is none. @param key where it stands */
    public static Constraint parse(String key, String text) {
        Constraint constraint = new Constraint(key, text);
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.stripTrailing().length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw constraint.wrong();
            }
            at = matcher.end();
            constraint.tokens.add(
                    matcher.group(1) != null
                            ? (Object) Double.valueOf(matcher.group(1))
                            : matcher.group(2) != null
                                    ? matcher.group(2)
                                    : matcher.group(3) != null
                                            ? constraint.word(matcher.group(3))
                                            : new Symbol(matcher.group(4)));
        }
        constraint.new Evaluation(name -> 1.0).run();
        return constraint;
    }

    private Object word(String word) {
        if (word.equals("or")) {
            return new Symbol(word);
        }
        names.add(word);
        return new Name(word);
    }

    /** What it speaks of. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Whether it holds; names that have no value make their comparison hold. */
    boolean holds(Function<String, Object> values) {
        return violation(values) == 0;
    }

    /**
     * By how much it is broken: 0 where it holds, else the distance of both sides, the least of comparisons joined by {@code or}; of equal sides and of
     * texts 1. Names that have no value make their comparison hold.
     */
    public double violation(Function<String, Object> values) {
        return new Evaluation(values).run();
    }

    @Override
    public String toString() {
        return text;
    }

    private UsageException wrong() {
        return new UsageException(key + ": got \"" + text
                + "\", expected a comparison such as training.batch * averaging.workers <= 256");
    }

    /** One pass over the tokens by recursive descent. */
    private final class Evaluation {
        private final Function<String, Object> values;
        private int next;

        Evaluation(Function<String, Object> values) {
            this.values = values;
        }

        double run() {
            double violation = comparison();
            while (takes("or")) {
                violation = Math.min(violation, comparison());
            }
            if (next < tokens.size()) {
                throw wrong();
            }
            return violation;
        }

        private double comparison() {
            boolean absent = false;
            Object left = null;
            Object right = null;
            try {
                left = sum();
            } catch (Absent e) {
                absent = true;
                skip();
            }
            if (next >= tokens.size() || !(tokens.get(next) instanceof Symbol operator)) {
                throw wrong();
            }
            next++;
            try {
                right = sum();
            } catch (Absent e) {
                absent = true;
                skip();
            }
            if (absent || compare(left, operator.symbol, right)) {
                return 0;
            }
            double apart = left instanceof Double a && right instanceof Double b ? Math.abs(a - b) : 1;
            return apart > 0 ? apart : 1;
        }

        /** To the end of a sum. */
        private void skip() {
            while (next < tokens.size()
                    && !(tokens.get(next) instanceof Symbol s
                            && List.of("<", ">", "<=", ">=", "==", "!=", "or").contains(s.symbol))) {
                next++;
            }
        }

        private boolean compare(Object left, String operator, Object right) {
            if (!(left instanceof Double a) || !(right instanceof Double b)) {
                return switch (operator) {
                    case "==" -> String.valueOf(left).equals(String.valueOf(right));
                    case "!=" -> !String.valueOf(left).equals(String.valueOf(right));
                    default -> throw wrong();
                };
            }
            return switch (operator) {
                case "<=" -> a <= b;
                case ">=" -> a >= b;
                case "<" -> a < b;
                case ">" -> a > b;
                case "==" -> a.doubleValue() == b.doubleValue();
                case "!=" -> a.doubleValue() != b.doubleValue();
                default -> throw wrong();
            };
        }

        private Object sum() {
            Object value = product();
            while (true) {
                if (takes("+")) {
                    value = number(value) + number(product());
                } else if (takes("-")) {
                    value = number(value) - number(product());
                } else {
                    return value;
                }
            }
        }

        private Object product() {
            Object value = factor();
            while (true) {
                if (takes("*")) {
                    value = number(value) * number(factor());
                } else if (takes("/")) {
                    value = number(value) / number(factor());
                } else {
                    return value;
                }
            }
        }

        private Object factor() {
            if (takes("(")) {
                Object value = sum();
                if (!takes(")")) {
                    throw wrong();
                }
                return value;
            }
            if (takes("-")) {
                return -number(factor());
            }
            if (next >= tokens.size() || tokens.get(next) instanceof Symbol) {
                throw wrong();
            }
            Object token = tokens.get(next++);
            if (token instanceof Name name) {
                Object value = values.apply(name.name);
                if (value == null) {
                    throw new Absent();
                }
                return value instanceof Number n ? (Object) n.doubleValue() : String.valueOf(value);
            }
            return token;
        }

        private boolean takes(String symbol) {
            if (next < tokens.size() && tokens.get(next) instanceof Symbol s && s.symbol.equals(symbol)) {
                next++;
                return true;
            }
            return false;
        }

        private double number(Object value) {
            if (value instanceof Double number) {
                return number;
            }
            throw wrong();
        }
    }
}
