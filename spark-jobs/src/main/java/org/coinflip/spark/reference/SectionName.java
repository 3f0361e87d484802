package org.coinflip.spark.reference;

/**
 * A section of experiment files wherever it may stand, such as {@code network.layers[].law} where {@code type = binomial}.
 *
 * @param place its path, lists without the numbers of their elements; empty for the file itself
 * @param variant the name by which it has other keys: its {@code type} or {@code source}, of the file itself the job; empty where there is none
 */
record SectionName(String place, String variant) {
    /** As meanings are written: {@code network.layers[].law{binomial}}. */
    @Override
    public String toString() {
        return variant.isEmpty() ? place : place + "{" + variant + "}";
    }

    /** The path of one of its keys. */
    String path(String key) {
        String section = toString();
        return section.isEmpty() ? key : section + "." + key;
    }

    /** The same of any variant. */
    SectionName whole() {
        return new SectionName(place, "");
    }
}
