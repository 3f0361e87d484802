package org.coinflip.model.storage;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The seals of {@link Sealed} looked at in the text itself, without a parser: what Jackson wrote without spaces is what it wrote with them, less
 * the spaces. For whoever reads models without Jackson.
 */
final class SealedText {
    private static final String BEGIN = ",\"" + Sealed.FIELD + "\":\"";
    private static final String END = "\"}";
    private static final int DIGITS = 64;

    private SealedText() {}

    /**
     * Looks at a seal.
     *
     * @param document a JSON object
     * @param must whether a document without one is damaged too; otherwise it was written before there were seals
     * @return what is wrong, in words; nothing where it is whole
     */
    static Optional<String> damage(String document, boolean must) {
        String compact = compact(document);
        int rest = compact.length() - BEGIN.length() - DIGITS - END.length();
        if (rest < 1 || !compact.startsWith(BEGIN, rest) || !compact.endsWith(END)) {
            boolean elsewhere = compact.contains("\"" + Sealed.FIELD + "\":");
            return must || elsewhere
                    ? Optional.of("it has no " + Sealed.FIELD + (elsewhere ? " at its end" : ""))
                    : Optional.empty();
        }
        String says = compact.substring(rest + BEGIN.length(), compact.length() - END.length());
        String got = Sha256.hex((compact.substring(0, rest) + "}").getBytes(StandardCharsets.UTF_8));
        return got.equals(says)
                ? Optional.empty()
                : Optional.of("its content has SHA-256 " + got + ", its " + Sealed.FIELD + " says otherwise");
    }

    /** The text without the white space between its tokens. */
    private static String compact(String json) {
        StringBuilder compact = new StringBuilder(json.length());
        boolean inText = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inText && c == '\\' && i + 1 < json.length()) {
                compact.append(c).append(json.charAt(++i));
                continue;
            }
            inText ^= c == '"';
            if (Character.isSurrogate(c)) {
                // as Jackson has them in the bytes that are sealed
                compact.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
            } else if (inText || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                compact.append(c);
            }
        }
        return compact.toString();
    }
}
