package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.coinflip.spark.output.Json;

/** What a training's bits depend on, by key: a checkpoint goes on only in a training of the same. */
public final class Identity {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 60;

    private final JsonNode keys;

    private Identity(JsonNode keys) {
        this.keys = keys;
    }

    /** @param keys settings as files hold them, nested maps and lists included */
    public static Identity of(Map<String, Object> keys) {
        try {
            // through text, so that numbers compare as they are read
            return new Identity(JSON.readTree(Json.line(keys)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was just written as JSON is none", e);
        }
    }

    /** What is kept beside what was computed, to be compared later. */
    public JsonNode keys() {
        return keys;
    }

    /** The first key in which another identity differs, with what is there and what is here, in words. */
    public Optional<String> difference(JsonNode other) {
        return difference("", other, keys);
    }

    /**
     * The first difference, but for a whole number that may be less there.
     *
     * @param growing the number's path, such as {@code training.epochs}
     */
    Optional<String> differenceBut(JsonNode other, String growing) {
        String pointer = "/" + growing.replace('.', '/');
        JsonNode there = other.at(pointer);
        JsonNode here = keys.at(pointer);
        if (!there.isIntegralNumber() || !here.isIntegralNumber() || there.longValue() >= here.longValue()) {
            return difference(other);
        }
        JsonNode grown = other.deepCopy();
        int slash = pointer.lastIndexOf('/');
        ((ObjectNode) grown.at(pointer.substring(0, slash))).set(pointer.substring(slash + 1), here);
        return difference(grown);
    }

    private static Optional<String> difference(String path, JsonNode got, JsonNode expected) {
        if (got.equals(expected)) {
            return Optional.empty();
        }
        if (got.isObject() && expected.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            got.fieldNames().forEachRemaining(names::add);
            expected.fieldNames().forEachRemaining(names::add);
            return names.stream()
                    .map(name ->
                            difference(path.isEmpty() ? name : path + "." + name, got.path(name), expected.path(name)))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (got.isArray() && expected.isArray() && got.size() == expected.size()) {
            for (int i = 0; i < got.size(); i++) {
                Optional<String> inside = difference(path + "[" + i + "]", got.get(i), expected.get(i));
                if (inside.isPresent()) {
                    return inside;
                }
            }
        }
        return Optional.of(path + " is " + text(got) + " there, " + text(expected) + " here");
    }

    private static String text(JsonNode node) {
        String text = node.isMissingNode() ? "absent" : node.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
