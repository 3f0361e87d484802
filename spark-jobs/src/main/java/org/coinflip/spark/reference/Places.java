package org.coinflip.spark.reference;

import java.util.Map;

/**
 * Where sections are described that may stand in several places: {@code network.layers[].gate.law} is as {@code network.layers[].law}.
 *
 * @param elsewhere the place where a section is described, by a place where it may stand too
 */
record Places(Map<String, String> elsewhere) {
    /** Sections in sections, not more of them than these. */
    private static final int DEEPEST = 16;

    /**
     * The name under which a section is described.
     *
     * @param section its path in a file with the variants of the sections around it, such as {@code network.layers[0]{stochastic}.law}
     * @param variant its own variant; empty where it has none
     */
    SectionName name(String section, String variant) {
        String place = section.replaceAll("\\[\\d+\\]", "[]");
        if (!elsewhere.containsKey(place)) {
            place = described(place.replaceAll("\\{[^}]*}", ""));
        } else {
            place = elsewhere.get(place);
        }
        int brace = place.indexOf('{');
        return brace < 0
                ? new SectionName(place, variant)
                : new SectionName(place.substring(0, brace), place.substring(brace + 1, place.length() - 1));
    }

    /** The place where a section is described. */
    String described(String place) {
        String at = place;
        for (int depth = 0; depth < DEEPEST; depth++) {
            String next = step(at);
            if (next.equals(at)) {
                return at;
            }
            at = next;
        }
        throw new IllegalStateException(place + " is described elsewhere, and that is again, and so on");
    }

    private String step(String place) {
        for (Map.Entry<String, String> entry : elsewhere.entrySet()) {
            String from = entry.getKey();
            if (place.equals(from) || place.startsWith(from + ".") || place.startsWith(from + "[")) {
                return entry.getValue() + place.substring(from.length());
            }
        }
        return place;
    }
}
