package org.coinflip.model.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * JSON documents that check themselves: the last field, {@value #FIELD}, is the SHA-256 of all the others, written compactly in their order. A
 * digit that changed on a disk is found out; spaces and line ends do not count. Against who writes a seal anew it does not help.
 */
public final class Sealed {
    /** The field's name. */
    public static final String FIELD = "sealSha256";

    private static final ObjectMapper COMPACT = new ObjectMapper();

    private Sealed() {}

    /**
     * A document with its seal.
     *
     * @param document anything that Jackson writes as an object
     */
    public static ObjectNode seal(Object document) {
        return seal(document, COMPACT);
    }

    /** The same, written as another mapper does. */
    public static ObjectNode seal(Object document, ObjectMapper mapper) {
        try {
            // through text, so that numbers are those that will be read
            ObjectNode read = (ObjectNode) COMPACT.readTree(mapper.writeValueAsBytes(document));
            read.remove(FIELD);
            return read.put(FIELD, sha256(read));
        } catch (java.io.IOException e) {
            throw new IllegalStateException("what was just written as JSON is none", e);
        }
    }

    /**
     * Looks at a seal.
     *
     * @param must whether a document without one is damaged too; otherwise it was written before there were seals
     * @return what is wrong, in words; nothing where it is whole
     */
    public static Optional<String> damage(JsonNode document, boolean must) {
        if (!(document instanceof ObjectNode fields)) {
            return Optional.of("it is no JSON object");
        }
        if (!fields.has(FIELD)) {
            return must ? Optional.of("it has no " + FIELD) : Optional.empty();
        }
        ObjectNode rest = fields.deepCopy();
        String says = rest.remove(FIELD).asText();
        String got = sha256(rest);
        return got.equals(says)
                ? Optional.empty()
                : Optional.of("its content has SHA-256 " + got + ", its " + FIELD + " says otherwise");
    }

    private static String sha256(ObjectNode fields) {
        try {
            return Sha256.hex(COMPACT.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON cannot be written", e);
        }
    }
}
