package org.coinflip.spark.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;

/** The lines that a training wrote to {@code metrics.jsonl}, one a round. */
public final class RoundLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RoundLines() {}

    /**
     * Reads them.
     *
     * @return the line of round r at place r − 1; none where there is no file
     * @throws DataException where the file is damaged
     */
    public static List<Map<String, Object>> of(RunDirectory run) {
        Path file = run.path("metrics.jsonl");
        try (InputStream in = run.fileSystem().open(file)) {
            List<Map<String, Object>> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                Map<String, Object> read = JSON.readValue(line, new TypeReference<>() {});
                if (!(read.get("round") instanceof Integer round) || round != lines.size() + 1) {
                    throw damaged(file, "line " + (lines.size() + 1) + " is not of round " + (lines.size() + 1), null);
                }
                lines.add(read);
            }
            return lines;
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (JsonProcessingException e) {
            throw damaged(file, "a line is no JSON", e);
        } catch (IOException e) {
            throw damaged(file, Reason.of(e), e);
        }
    }

    private static DataException damaged(Path file, String how, Exception cause) {
        return new DataException(
                file + " is damaged (" + how + "), expected a line a round, as a training wrote it: copy it again",
                cause);
    }
}
