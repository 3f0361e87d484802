package org.coinflip.data.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;

/**
 * The files of one output folder that jobs wrote, by their own record {@value #RECORD}: the one place that decides what may be removed.
 *
 * <p><b>The rule.</b> A file is removed only if the record lists it. A folder is removed only when it is empty, and only if a listed file
 * may lie in it; never with what is in it. A folder without a record is nobody's: nothing in it is removed or replaced, whatever its
 * files are called, for {@code manifest.json}, {@code summary.json} and {@code checkpoints} are names of others too.
 *
 * <p><b>The record</b> is written before the first file that it lists, so that a job that is killed leaves none that is not listed. A name in
 * it is relative to the folder; {@code #} stands for digits ({@code checkpoints/round-#.bin}). With a file go its unfinished form {@code
 * .NAME.UUID}, which {@link WholeFile} writes, and Hadoop's checksum {@code .NAME.crc}. A name that is to be listed and is there already
 * is another's, and is refused.
 *
 * <p><b>Why it holds against a hostile folder.</b> Names of the record are never made paths: the folder is walked, and what is found
 * is matched against the names. So {@code ../x} and {@code /x} in a record that someone made match nothing. The walk does not follow
 * symbolic links: a link of a listed name is removed and what it points to stays, a linked folder is not entered, and is in the way of who
 * wants to write there. A record that cannot be read lists nothing.
 *
 * <p>One process at a time, which {@link Lease} sees to. Works on every Hadoop file system; links are looked for on the local one, the others have none.
 */
public final class OwnFiles {
    /** The record's name. */
    public static final String RECORD = ".coinflip.json";

    /** Folders that a process makes for itself and removes whole, a UUID after it. */
    private static final String SCRATCH = ".coinflip-";

    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern IN_SCRATCH = Pattern.compile("\\.coinflip-" + UUID_PATTERN);
    private static final Pattern UNFINISHED =
            Pattern.compile("\\.\\.coinflip\\.(json|lease)\\." + UUID_PATTERN + "|\\.\\.coinflip\\.lease\\.crc");
    private static final Pattern UNFINISHED_FORM = Pattern.compile("\\..+\\." + UUID_PATTERN);
    private static final int FORMAT = 1;
    private static final int LISTED = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is in a folder. */
    public enum State {
        /** There is none, or it is empty. */
        FREE,
        /** It has a record. */
        OURS,
        /** It has files and no record, or is a file itself. */
        FOREIGN
    }

    private final FileSystem fileSystem;
    private final Path folder;
    private final TreeSet<String> names = new TreeSet<>();
    private final TreeSet<String> events = new TreeSet<>();
    private boolean recorded;
    private Pattern pattern = Pattern.compile("(?!)");

    private OwnFiles(FileSystem fileSystem, Path folder) {
        this.fileSystem = fileSystem;
        this.folder = folder;
    }

    /** Reads the record of a folder, which need not be there. */
    public static OwnFiles of(FileSystem fileSystem, Path folder) throws IOException {
        OwnFiles own = new OwnFiles(fileSystem, folder);
        Path record = new Path(folder, RECORD);
        try (InputStream in = fileSystem.open(record)) {
            own.read(in);
        } catch (FileNotFoundException | ParentNotDirectoryException | JsonProcessingException e) {
            // no record, or one that is garbled and lists nothing
            own.recorded = false;
        }
        return own;
    }

    private void read(InputStream in) throws IOException {
        JsonNode record = JSON.readTree(in);
        if (record.path("format").asInt() != FORMAT || !record.path("files").isArray()) {
            return;
        }
        record.path("files").forEach(name -> names.add(name.asText()));
        record.path("events").forEach(event -> events.add(event.asText()));
        recorded = true;
        compile();
    }

    /** Whose the folder is. */
    public State state() throws IOException {
        if (recorded) {
            return State.OURS;
        }
        FileStatus[] inside;
        try {
            if (!fileSystem.getFileStatus(folder).isDirectory()) {
                return State.FOREIGN;
            }
            inside = fileSystem.listStatus(folder);
        } catch (FileNotFoundException e) {
            return State.FREE;
        }
        for (FileStatus entry : inside) {
            if (!isScratch(entry.getPath().getName())) {
                return State.FOREIGN;
            }
        }
        return State.FREE;
    }

    private static boolean isScratch(String name) {
        return name.equals(Lease.FILE)
                || name.equals(Lease.TAKING)
                || IN_SCRATCH.matcher(name).matches()
                || UNFINISHED.matcher(name).matches();
    }

    /** Whether the record lists a file, by its name relative to the folder. */
    public boolean owns(String name) {
        return name.equals(RECORD) || pattern.matcher(name).matches();
    }

    /**
     * Lists files that are about to be written.
     *
     * @param wanted names relative to the folder, {@code #} for digits
     * @throws IOException where one of them is there already and no job wrote it
     */
    public void claim(Collection<String> wanted) throws IOException {
        if (recorded && names.containsAll(wanted)) {
            return;
        }
        requireFree(wanted);
        adopt(wanted);
    }

    /**
     * Looks whether names could be listed.
     *
     * @throws IOException where one of them is there already and no job wrote it
     */
    public void requireFree(Collection<String> wanted) throws IOException {
        Pattern claimed = pattern(wanted);
        for (String found : found(wanted)) {
            boolean inTheWay = wanted.stream().anyMatch(name -> name.startsWith(found + "/"));
            if (inTheWay || !owns(found) && claimed.matcher(found).matches()) {
                throw new IOException(found + " is there, and no job wrote it: move it away");
            }
        }
    }

    /** Lists files that may be there already: those of a run whose content proves that it goes on. */
    public void adopt(Collection<String> known) throws IOException {
        if (recorded && names.containsAll(known)) {
            return;
        }
        names.addAll(known);
        save();
    }

    /** Notes that something has happened in the folder that its files may no longer show. */
    public void note(String event) throws IOException {
        if (events.add(event)) {
            save();
        }
    }

    /** Whether something was noted. */
    public boolean hasNoted(String event) {
        return events.contains(event);
    }

    private void save() throws IOException {
        ObjectNode record = JSON.createObjectNode().put("format", FORMAT);
        ArrayNode files = record.put("about", "what Coinflip wrote here, and may remove: keep this file")
                .putArray("files");
        names.forEach(files::add);
        ArrayNode noted = record.putArray("events");
        events.forEach(noted::add);
        fileSystem.mkdirs(folder);
        byte[] text = (record.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        WholeFile.write(fileSystem, new Path(folder, RECORD), out -> out.write(text));
        recorded = true;
        compile();
    }

    private void compile() {
        pattern = pattern(names);
    }

    private static Pattern pattern(Collection<String> names) {
        List<String> alternatives = new ArrayList<>();
        for (String name : names) {
            int slash = name.lastIndexOf('/') + 1;
            String parent = quoted(name.substring(0, slash));
            String last = quoted(name.substring(slash));
            alternatives.add(parent + "(" + last + "|\\." + last + "\\.(crc|" + UUID_PATTERN + "))");
        }
        return alternatives.isEmpty() ? Pattern.compile("(?!)") : Pattern.compile(String.join("|", alternatives));
    }

    private static String quoted(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("#", -1)) {
            parts.add(Pattern.quote(part));
        }
        return String.join("[0-9]{1,10}", parts);
    }

    /** The files in the folder that no job wrote, and folders that no job writes to, relative to it and sorted. */
    public List<String> foreign() throws IOException {
        return found(names).stream()
                .filter(name -> !owns(name) && !isScratch(name))
                .toList();
    }

    /**
     * Removes every file that is listed, and the folders that are empty then; the record stays. Its list is empty afterwards.
     *
     * @throws IOException where a file cannot be removed; those that were not are still listed
     */
    public void remove() throws IOException {
        remove(owned());
        names.clear();
        events.clear();
        save();
    }

    /**
     * Removes what processes that are gone were writing: unfinished forms of listed files, and folders of their own. Only for who holds the
     * folder alone.
     */
    public void removeUnfinished() throws IOException {
        List<String> stray = new ArrayList<>();
        for (String name : found(names)) {
            String last = name.substring(name.lastIndexOf('/') + 1);
            if (IN_SCRATCH.matcher(name).matches()) {
                discard(fileSystem, new Path(folder, name));
            } else if (UNFINISHED.matcher(name).matches()
                    || owns(name) && UNFINISHED_FORM.matcher(last).matches()) {
                stray.add(name);
            }
        }
        remove(stray);
    }

    /** Removes the listed files of one folder in this one, and the folder where it is empty then. */
    public void remove(String within) throws IOException {
        remove(owned().stream().filter(name -> name.startsWith(within + "/")).toList());
    }

    private void remove(List<String> files) throws IOException {
        for (String name : files) {
            if (!fileSystem.delete(new Path(folder, name), false) && fileSystem.exists(new Path(folder, name))) {
                throw new IOException(name + " could not be removed");
            }
        }
        removeEmptyFolders(files);
    }

    /** Removes the folders that some files were in, where they are empty now. */
    public void removeEmptyFolders(List<String> files) throws IOException {
        TreeSet<String> parents = new TreeSet<>();
        for (String name : files) {
            for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
                parents.add(name.substring(0, slash));
            }
        }
        for (String parent : parents.descendingSet()) {
            Path inside = new Path(folder, parent);
            if (fileSystem.exists(inside) && fileSystem.listStatus(inside).length == 0) {
                try {
                    fileSystem.delete(inside, false);
                } catch (IOException e) {
                    // a checksum that belongs to no file is not listed; the folder stays
                }
            }
        }
    }

    /** The files in the folder that are listed, but for the record, relative to it and sorted. */
    public List<String> owned() throws IOException {
        return found(names).stream()
                .filter(name -> !name.equals(RECORD) && owns(name))
                .toList();
    }

    /** What is in the folder; of folders, only those are entered in which a file of some names may lie. */
    private List<String> found(Collection<String> sought) throws IOException {
        TreeSet<String> folders = new TreeSet<>();
        for (String name : sought) {
            for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
                folders.add(name.substring(0, slash));
            }
        }
        List<String> found = new ArrayList<>();
        if (fileSystem.exists(folder)) {
            walk("", folders, found);
        }
        found.sort(null);
        return found;
    }

    private void walk(String within, TreeSet<String> folders, List<String> found) throws IOException {
        for (FileStatus entry : fileSystem.listStatus(within.isEmpty() ? folder : new Path(folder, within))) {
            String last = entry.getPath().getName();
            String name = within.isEmpty() ? last : within + "/" + last;
            if (entry.isDirectory() && folders.contains(name) && !isLink(entry.getPath())) {
                walk(name, folders, found);
            } else {
                found.add(name);
            }
        }
    }

    private static boolean isLink(Path path) {
        return "file".equals(path.toUri().getScheme())
                && Files.isSymbolicLink(java.nio.file.Path.of(path.toUri().getPath()));
    }

    /** Says in a line which files of a folder that is overwritten stay. */
    public static void tellOf(List<String> foreign, Path folder) {
        if (!foreign.isEmpty()) {
            System.err.println("output " + folder + " keeps " + foreign.size() + " that no job wrote: "
                    + String.join(", ", foreign.subList(0, Math.min(LISTED, foreign.size())))
                    + (foreign.size() > LISTED ? ", …" : ""));
        }
    }

    /** A folder beside others of a process's own, to be removed whole by {@link #discard}: {@code .coinflip-UUID}. */
    public static Path scratch(Path within) {
        return new Path(within, SCRATCH + UUID.randomUUID());
    }

    /** Removes a folder that {@link #scratch} named, with all in it. */
    public static void discard(FileSystem fileSystem, Path scratch) throws IOException {
        if (!IN_SCRATCH.matcher(scratch.getName()).matches()) {
            throw new IllegalArgumentException("got " + scratch + ", expected a folder that scratch named");
        }
        fileSystem.delete(scratch, true);
    }
}
