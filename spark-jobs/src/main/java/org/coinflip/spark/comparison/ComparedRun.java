package org.coinflip.spark.comparison;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.spark.output.Reason;

/**
 * What a training wrote: its summary, if it has ended, and a line a round.
 *
 * @param name the folder's own, or as much of its path as tells it from others
 * @param summary {@code summary.json}; without fields where the training runs or was stopped
 * @param lines of {@code metrics.jsonl}; none of a trial that a sweep kept
 */
record ComparedRun(String name, JsonNode summary, List<JsonNode> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws UsageException where the folder is no training's */
    static ComparedRun read(String folder, Configuration conf) {
        Path path = StoredBytes.path(folder);
        try {
            FileSystem files = path.getFileSystem(conf);
            Optional<String> summary = text(files, new Path(path, "summary.json"));
            Optional<String> metrics = text(files, new Path(path, "metrics.jsonl"));
            if (summary.isEmpty() && metrics.isEmpty()) {
                throw new UsageException("runs: got " + folder
                        + ", which has neither summary.json nor metrics.jsonl, expected the output of a training");
            }
            return new ComparedRun(
                    folder,
                    summary.isPresent() ? summary(folder, summary.get()) : JSON.createObjectNode(),
                    lines(folder, metrics.orElse("")));
        } catch (IOException e) {
            throw new UsageException(
                    "runs: " + folder + " cannot be read (" + Reason.of(e)
                            + "), expected the output of a training: look at its permissions and its file system",
                    e);
        }
    }

    private static Optional<String> text(FileSystem files, Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private static JsonNode summary(String folder, String text) {
        JsonNode summary;
        try {
            summary = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw damaged(folder, "summary.json", "it is no JSON");
        }
        Sealed.damage(summary, false).ifPresent(how -> {
            throw damaged(folder, "summary.json", how);
        });
        if (!summary.has("test") && !summary.has("metrics")) {
            throw new UsageException("runs: got " + folder + ", which holds what "
                    + summary.path("job").asText("another job") + " wrote, expected a training");
        }
        return summary;
    }

    private static List<JsonNode> lines(String folder, String text) {
        List<JsonNode> lines = new ArrayList<>();
        // the last line of a training that runs may be half there
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String line : whole.lines().toList()) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException e) {
                throw damaged(folder, "metrics.jsonl", "line " + (lines.size() + 1) + " is no JSON");
            }
        }
        return lines;
    }

    private static DataException damaged(String folder, String file, String how) {
        return new DataException(folder + "/" + file + " is damaged (" + how
                + "), expected what a training wrote: copy it" + " again, or leave the run out");
    }

    ComparedRun named(String other) {
        return new ComparedRun(other, summary, lines);
    }

    /** How it ended, or that it has not. */
    String status() {
        return summary.path("status").asText("running or stopped");
    }

    /** A number of a split's score: of the summary, or of a sweep's trial among its metrics. */
    OptionalDouble score(String split, String key) {
        JsonNode value = summary.at("/" + split + "/" + key);
        JsonNode metric = summary.path("metrics").path(split + "." + key);
        return number(value.isNumber() ? value : metric);
    }

    /** A number of the summary. */
    OptionalDouble number(String key) {
        return number(summary.path(key));
    }

    private static OptionalDouble number(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.asDouble())
                ? OptionalDouble.of(value.asDouble())
                : OptionalDouble.empty();
    }

    /** The configuration's settings by path, lists by place; but for where its files are. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        flatten("", summary.path("config"), settings);
        settings.keySet().removeAll(List.of("output", "overwrite", "resume", "name"));
        settings.keySet().removeIf(key -> key.startsWith("tracking."));
        return settings;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> settings) {
        if (node.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                flatten(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), settings);
            }
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.get(i), settings);
            }
        } else if (!node.isMissingNode()) {
            settings.put(path, node.isTextual() ? node.asText() : node.toString());
        }
    }

    /** The seed, where the summary says it. */
    OptionalDouble seed() {
        return number(summary.path("config").path("seed"));
    }
}
