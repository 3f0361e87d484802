package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.WholeFile;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.output.Reason;

/** The {@link Mark}s of a folder, read once and then kept in step with it. */
final class Marks {
    static final String FILE_ENDING = ".bin";
    private static final String MARK_ENDING = ".json";
    private static final Pattern MARK = Pattern.compile("round-(\\d{8,10})\\.json");
    /** A checkpoint, or an unfinished file of a checkpoint or a mark. */
    private static final Pattern STRAY =
            Pattern.compile("round-(\\d{8,10})\\.bin|\\.round-\\d{8,10}\\.(?:bin|json)\\.[0-9a-f-]{36}");

    private static final Comparator<Mark> BEST_FIRST =
            Comparator.comparingDouble(Mark::score).thenComparingInt(Mark::round);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path folder;
    private final TreeMap<Integer, Mark> marks = new TreeMap<>();

    Marks(FileSystem fileSystem, Path folder) {
        this.fileSystem = fileSystem;
        this.folder = folder;
        try {
            for (FileStatus file : fileSystem.listStatus(folder)) {
                Matcher name = MARK.matcher(file.getPath().getName());
                if (name.matches()) {
                    int round = Integer.parseInt(name.group(1));
                    marks.put(round, read(file.getPath(), round));
                }
            }
        } catch (FileNotFoundException e) {
            // a run that has no checkpoints yet
            marks.clear();
        } catch (IOException e) {
            throw new DataException(
                    "checkpoints " + folder + " cannot be read (" + Reason.of(e)
                            + "), expected marks round-….json: look at its permissions and its file system",
                    e);
        }
    }

    /** A mark that is garbled promises no checksum, so that its checkpoint is refused as damaged. */
    private Mark read(Path file, int round) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            JsonNode written = JSON.readTree(in);
            Mark mark = JSON.treeToValue(written, Mark.class);
            return Sealed.damage(written, false).isPresent()
                            || mark == null
                            || mark.sha256() == null
                            || mark.round() != round
                    ? damaged(round)
                    : mark;
        } catch (JsonProcessingException e) {
            return damaged(round);
        }
    }

    private static Mark damaged(int round) {
        return new Mark(round, Double.NaN, "that cannot be read");
    }

    /** Rounds of the checkpoints that are whole, ascending. */
    List<Integer> rounds() {
        return List.copyOf(marks.keySet());
    }

    boolean has(int round) {
        return marks.containsKey(round);
    }

    Mark get(int round) {
        return marks.get(round);
    }

    /** Those with the best looks, the best first; of equals the earlier. */
    List<Mark> best(int count) {
        return marks.values().stream()
                .filter(mark -> !Double.isNaN(mark.score()))
                .sorted(BEST_FIRST)
                .limit(count)
                .toList();
    }

    void add(Mark mark) throws IOException {
        byte[] text = Json.document(Sealed.seal(mark)).getBytes(StandardCharsets.UTF_8);
        WholeFile.write(fileSystem, file(mark.round()), out -> out.write(text));
        marks.put(mark.round(), mark);
    }

    void remove(int round) throws IOException {
        fileSystem.delete(file(round), false);
        marks.remove(round);
    }

    /** Those that were read are gone. */
    void forget() {
        marks.clear();
    }

    /** Removes checkpoints without a mark, and what was being written; other files are somebody's. */
    void removeStrays() throws IOException {
        if (!fileSystem.exists(folder)) {
            return;
        }
        for (FileStatus file : fileSystem.listStatus(folder)) {
            String name = file.getPath().getName();
            Matcher stray = STRAY.matcher(name);
            if (stray.matches() && (stray.group(1) == null || !marks.containsKey(Integer.parseInt(stray.group(1))))) {
                fileSystem.delete(file.getPath(), false);
            }
        }
    }

    private Path file(int round) {
        return new Path(folder, Mark.name(round) + MARK_ENDING);
    }
}
