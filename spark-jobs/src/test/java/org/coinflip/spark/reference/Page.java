package org.coinflip.spark.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, in GitHub's Markdown.
 *
 * @param file from a module's folder, such as {@code ../docs/data.md}
 */
record Page(Path file, List<String> lines) {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)");
    private static final Pattern PACKAGE = Pattern.compile("<!-- package ([\\w.]+) -->");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * A fenced block.
     *
     * @param place page and line, for messages
     * @param language what follows the fence; empty where nothing does
     * @param home the package that the comment {@code <!-- package … -->} in the line before names; empty without one
     */
    record Block(String place, String language, String home, String text) {}

    /** What stands on a line, and where. */
    record Found(String place, String text) {}

    /** README, the pages of docs/, and whatever else has links to them. */
    static List<Page> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(
                PROJECT.resolve("README.md"),
                PROJECT.resolve("CHANGELOG.md"),
                PROJECT.resolve("spark-jobs/src/main/python/README.md")));
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<Page> pages = new ArrayList<>();
        for (Path file : files) {
            pages.add(new Page(file, Files.readAllLines(file)));
        }
        return pages;
    }

    static Page of(String text) {
        return new Page(PROJECT.resolve("docs/made-up.md"), text.lines().toList());
    }

    private String place(int line) {
        return PROJECT.relativize(file) + ":" + (line + 1);
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.lookingAt()) {
                Matcher home = PACKAGE.matcher(i == 0 ? "" : lines.get(i - 1));
                int from = i + 1;
                do {
                    i++;
                } while (!FENCE.matcher(lines.get(i)).matches());
                blocks.add(new Block(
                        place(from),
                        fence.group(1),
                        home.matches() ? home.group(1) : "",
                        String.join("\n", lines.subList(from, i))));
            }
        }
        return blocks;
    }

    /** The lines that are no blocks; those of blocks are empty. */
    private List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            boolean fence = FENCE.matcher(line).lookingAt();
            prose.add(fenced || fence ? "" : line);
            fenced ^= fence;
        }
        return prose;
    }

    /** What stands between backticks. */
    List<Found> code() {
        return found(CODE, prose());
    }

    /** Where links and pictures lead. */
    List<Found> links() {
        return found(
                LINK,
                prose().stream().map(line -> line.replaceAll("`[^`]*`", "")).toList());
    }

    private List<Found> found(Pattern pattern, List<String> within) {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < within.size(); i++) {
            Matcher matcher = pattern.matcher(within.get(i));
            while (matcher.find()) {
                found.add(new Found(place(i), matcher.group(1)));
            }
        }
        return found;
    }

    /** The anchors that GitHub gives the headings: of equal ones the second ends with -1. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : prose()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String text = heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
                String anchor = text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }
}
