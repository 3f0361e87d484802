package org.coinflip.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.Shown;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.Projection;

/**
 * What {@code manifest.json} beside prepared data says. A reader of version m.n reads every version m: a new major number is for what an
 * old reader would misread, a new minor number for what it may overlook.
 *
 * @param formatVersion {@code MAJOR.MINOR}
 * @param schema the Parquet schema of every shard
 * @param description what the data is
 * @param shards the files of each split, in ascending order of ids
 */
record Manifest(String formatVersion, String schema, Description description, Map<Split, List<ShardFile>> shards) {
    static final String FILE = "manifest.json";
    static final String VERSION = "1.7";
    /** From this minor version on manifests are sealed. */
    private static final int SEALED_SINCE = 3;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(
                    DeserializationFeature.READ_ENUMS_USING_TO_STRING,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Manifest {
        Map<Split, List<ShardFile>> copied = new EnumMap<>(shards);
        copied.replaceAll((split, files) -> List.copyOf(files));
        shards = Collections.unmodifiableMap(copied);
    }

    /** Writes it as the newest version into a folder that has none. */
    static void write(
            FileSystem fileSystem,
            Path folder,
            ExampleSchema schema,
            Description description,
            Map<Split, List<ShardFile>> shards)
            throws IOException {
        try (FSDataOutputStream out = fileSystem.create(new Path(folder, FILE), false)) {
            out.write(new Manifest(VERSION, schema.toString(), description, shards).toJson());
        }
    }

    /** UTF-8 JSON with one line end at its end. */
    byte[] toJson() {
        try {
            return (JSON.writeValueAsString(Sealed.seal(this, JSON)) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest cannot be written as JSON", e);
        }
    }

    /**
     * Reads and checks a manifest.
     *
     * @param path where it was, for messages
     * @throws DataException where it is garbled, of another major version, or contradicts itself
     */
    static Manifest of(String path, byte[] json) {
        try {
            JsonNode tree = JSON.readTree(json);
            JsonNode version = tree.path("formatVersion");
            if (!major(version.asText()).equals(major(VERSION))) {
                throw new DataException(path + ": got format version "
                        + (version.isMissingNode() ? "nothing" : Shown.of(version.asText())) + ", expected "
                        + major(VERSION)
                        + ".x: prepare the data again with this release");
            }
            Sealed.damage(tree, minor(version.asText()) >= SEALED_SINCE).ifPresent(how -> {
                throw new DataException(path + ": is damaged (" + how + "): copy it again, or prepare the data again");
            });
            if (tree.path("description") instanceof ObjectNode description) {
                complete(description, "weightsSha256", "");
                complete(description, "unused", 0);
                if (description.get("image") instanceof ObjectNode image) {
                    complete(image, "planes", image.path("rows").asInt() == 0 ? 0 : 1);
                }
            }
            complete(tree.path("description").path("transformation"));
            tree.path("shards")
                    .forEach(split -> split.forEach(file -> {
                        if (file instanceof ObjectNode fields) {
                            complete(fields, "entries", 0);
                        }
                    }));
            Manifest manifest = JSON.treeToValue(tree, Manifest.class);
            if (manifest == null) {
                throw new DataException(
                        path + ": is empty, expected the manifest of prepared data: prepare the data again");
            }
            manifest.requireConsistent(path);
            return manifest;
        } catch (IOException e) {
            String what = e instanceof JsonProcessingException json2 ? json2.getOriginalMessage() : e.getMessage();
            throw new DataException(
                    path + ": is garbled (" + what.lines().findFirst().orElse("")
                            + "), expected the manifest of prepared data: prepare the data again",
                    e);
        }
    }

    /** Adds what a transformation lacks that was written before there were projections, names, classes with names, columns with codes or holes. */
    private static void complete(JsonNode transformation) {
        if (transformation instanceof ObjectNode fields) {
            complete(fields, "projection", Projection.NONE);
            complete(fields, "naming", Naming.NONE);
            complete(fields, "fill", List.of());
            if (fields.get("naming") instanceof ObjectNode naming) {
                complete(naming, "names", Naming.NONE.names());
                complete(naming, "codes", Naming.NONE.codes());
            }
        }
    }

    private static void complete(ObjectNode fields, String name, Object none) {
        if (!fields.has(name)) {
            fields.set(name, JSON.valueToTree(none));
        }
    }

    private void requireConsistent(String path) {
        if (description.transformation().width() != description.width()) {
            throw contradiction(
                    path,
                    "a transformation of " + description.transformation().width() + " features",
                    description.width() + " as its width says");
        }
        if (description.unused() < 0) {
            throw contradiction(path, description.unused() + " examples in no split", "at least 0");
        }
        ImageShape image = description.image();
        if (!image.equals(ImageShape.NONE) && image.features() != description.width()) {
            throw contradiction(
                    path, "a picture of " + image.features() + " values", description.width() + " as its width says");
        }
        for (Split split : Split.values()) {
            SplitDescription described = description.split(split);
            if (described == null || shards.get(split) == null) {
                throw contradiction(path, "no split " + split, "train, valid and test");
            }
            if (described.classHistogram().size() != description.classes()) {
                throw contradiction(
                        path,
                        description.classes() + " classes",
                        described.classHistogram().size() + " as the histogram of split " + split + " has");
            }
            long inFiles =
                    shards.get(split).stream().mapToLong(ShardFile::examples).sum();
            long inHistogram = described.classHistogram().stream()
                    .mapToLong(Integer::longValue)
                    .sum();
            if (described.examples() < 1
                    || inFiles != described.examples()
                    || (description.classes() > 0 && inHistogram != described.examples())) {
                throw contradiction(
                        path,
                        inFiles + " examples in the files and " + inHistogram + " in the histogram of split " + split,
                        described.examples() + " as its count says, at least 1");
            }
        }
        shards.forEach((split, files) -> requireOwn(path, split, files));
    }

    /** Names of files are made paths, no other's than this split's; sizes are asked memory for. */
    private void requireOwn(String path, Split split, List<ShardFile> files) {
        for (ShardFile file : files) {
            if (!file.path().matches(split + "/[\\w.-]+")) {
                throw contradiction(
                        path, "a file \"" + Shown.of(file.path()) + "\" of split " + split, "one in " + split + "/");
            }
            long most = (long) Math.max(file.examples(), 0) * description.width();
            if (file.examples() < 0 || file.bytes() < 0 || file.entries() < 0 || file.entries() > most) {
                throw contradiction(
                        path,
                        file.examples() + " examples, " + file.bytes() + " bytes and " + file.entries() + " entries of "
                                + file.path(),
                        "none below 0, and at most " + description.width() + " entries an example");
            }
        }
    }

    private static DataException contradiction(String path, String got, String expected) {
        return new DataException(
                path + ": contradicts itself: got " + got + ", expected " + expected + ": prepare the data again");
    }

    private static int minor(String version) {
        String[] parts = version.split("\\.", 2);
        return parts.length == 2 && parts[1].matches("\\d{1,6}") ? Integer.parseInt(parts[1]) : 0;
    }

    private static String major(String version) {
        return version.split("\\.", 2)[0];
    }
}
