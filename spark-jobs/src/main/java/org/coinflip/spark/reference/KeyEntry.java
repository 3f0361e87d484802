package org.coinflip.spark.reference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.coinflip.model.settings.Declaration;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.ValueKind;

/** All that was declared of one key of a section. */
final class KeyEntry {
    /** More values than this, each where other keys have other values, tell a reader nothing. */
    private static final int MOST_DEFAULTS = 4;

    private static final int MOST_ITEMS = 10;

    private final Set<ValueKind> kinds = new TreeSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> defaults = new LinkedHashSet<>();
    private Range range;
    private boolean optional;

    void add(Declaration declaration) {
        kinds.add(declaration.kind());
        names.addAll(declaration.names());
        declaration.byDefault().ifPresent(defaults::add);
        if (declaration.kind() == ValueKind.NUMBER || declaration.kind() == ValueKind.WHOLE_NUMBER) {
            range = range == null ? declaration.range() : common(range, declaration.range());
        }
    }

    /** It was left out, and the section was read to its end. */
    void leftOut() {
        optional = true;
    }

    /** The ends that both have: where they differ, they depend on other keys. */
    private static Range common(Range a, Range b) {
        boolean least = a.least() == b.least() && a.leastIncluded() == b.leastIncluded();
        boolean most = a.most() == b.most() && a.mostIncluded() == b.mostIncluded();
        return new Range(
                least ? a.least() : Double.NEGATIVE_INFINITY,
                least && a.leastIncluded(),
                most ? a.most() : Double.POSITIVE_INFINITY,
                most && a.mostIncluded());
    }

    /** Whether it is known what its value is, and not only that someone asks for it. */
    boolean isTyped() {
        return kinds.stream().anyMatch(kind -> kind != ValueKind.ASKED);
    }

    Set<String> names() {
        return names;
    }

    /** What its value is, in Markdown. */
    String value() {
        List<String> words = new ArrayList<>();
        for (ValueKind kind : kinds) {
            switch (kind) {
                case ASKED -> {}
                case NAME -> words.add(listed(names, " or "));
                case NAMES -> words.add("list of " + listed(names, ", "));
                case NUMBER -> words.add(number());
                case WHOLE_NUMBER -> words.add(wholeNumber());
                default -> words.add(kind.words());
            }
        }
        return String.join(", or ", words);
    }

    private String number() {
        return range.equals(Range.FINITE) ? "number" : range.toString().replaceFirst("^an? ", "");
    }

    private String wholeNumber() {
        boolean least = !Double.isInfinite(range.least());
        boolean most = !Double.isInfinite(range.most());
        return "whole number"
                + (least && most ? ", " + plain(range.least()) + " to " + plain(range.most()) : "")
                + (least && !most ? ", at least " + plain(range.least()) : "");
    }

    private static String plain(double end) {
        return Long.toString((long) end);
    }

    private static String listed(Collection<String> names, String last) {
        List<String> quoted = names.stream().map(KeyEntry::quoted).toList();
        return quoted.size() < 2
                ? String.join("", quoted)
                : String.join(", ", quoted.subList(0, quoted.size() - 1)) + last + quoted.get(quoted.size() - 1);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "empty" : "`" + shortened(text) + "`";
    }

    /** Of a long list its first numbers and the last. */
    private static String shortened(String text) {
        String[] items = text.split(", ");
        return items.length <= MOST_ITEMS ? text : items[0] + ", " + items[1] + ", …, " + items[items.length - 1];
    }

    /** What stands for it where it is not written, in Markdown. */
    String byDefault() {
        if (defaults.size() > MOST_DEFAULTS) {
            return "depends";
        }
        if (!defaults.isEmpty()) {
            return defaults.stream().map(KeyEntry::quoted).collect(Collectors.joining(" or "));
        }
        return optional ? "" : "required";
    }
}
