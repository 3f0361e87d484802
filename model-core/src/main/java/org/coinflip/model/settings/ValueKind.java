package org.coinflip.model.settings;

/** What the value of a key is. */
public enum ValueKind {
    /** A whole number. */
    WHOLE_NUMBER("whole number"),
    /** A number. */
    NUMBER("number"),
    /** True or false. */
    FLAG("true or false"),
    /** Any text. */
    TEXT("text"),
    /** One of some names. */
    NAME("name"),
    /** A list of some names. */
    NAMES("list of names"),
    /** A list of numbers. */
    NUMBERS("list of numbers"),
    /** A list of texts. */
    TEXTS("list of texts"),
    /** A list of values of any kind. */
    LIST("list"),
    /** A section. */
    SECTION("section"),
    /** A section, or the name that is its {@code type}. */
    TYPED_SECTION("section, or its `type` alone"),
    /** A list of sections. */
    SECTIONS("list of sections"),
    /** A list of sections, or of the names that are their {@code type}s. */
    TYPED_SECTIONS("list of sections, or of their `type`s alone"),
    /** Not known: it was only asked whether the key is written. */
    ASKED("");

    private final String words;

    ValueKind(String words) {
        this.words = words;
    }

    /** The kind in words, such as "list of numbers". */
    public String words() {
        return words;
    }
}
