package org.coinflip.spark.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.settings.DeclarationObserver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages show is true: Java compiles, settings are read, scripts, options and keys are known, links lead somewhere. */
class DocumentsTest {
    private static final Path PROJECT = Path.of("..");

    /** Files that pages name, from the project's folder. */
    private static final Pattern NAMED =
            Pattern.compile("(?:submit-scripts|benchmarks|conf|docs|\\.ci)/[\\w./*-]*\\w[\\w/*]*");

    private static final Pattern NAMED_TEST = Pattern.compile("[A-Z]\\w+Test");

    /** A network where a block has none. */
    private static final Config NETWORK =
            ConfigFactory.parseString("network.layers = [{ type = output, units = 2, objective = cross-entropy }]");

    private static List<Page> pages;
    private static Reference reference;

    @TempDir
    private Path classes;

    @BeforeAll
    static void read() throws IOException {
        pages = Page.all();
        reference = Reference.gather();
    }

    private static List<Page.Block> blocks(String language) {
        return pages.stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals(language))
                .toList();
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Page page : pages) {
            faults.addAll(deadLinks(page));
        }
        assertEquals(List.of(), faults);
    }

    private static List<String> deadLinks(Page page) throws IOException {
        List<String> dead = new ArrayList<>();
        for (Page.Found link : page.links()) {
            if (link.text().matches("[a-z]+:.*")) {
                continue;
            }
            String[] parts = link.text().split("#", 2);
            Path file = parts[0].isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(parts[0]).normalize();
            if (!Files.exists(file) && !file.equals(page.file())) {
                dead.add(link.place() + ": " + link.text());
            } else if (parts.length == 2) {
                Set<String> anchors =
                        (file.equals(page.file()) ? page : new Page(file, Files.readAllLines(file))).anchors();
                if (!anchors.contains(parts[1])) {
                    dead.add(link.place() + ": " + link.text() + ": no such heading");
                }
            }
        }
        return dead;
    }

    @Test
    void javaCompiles() throws IOException {
        JavaBlocks java = new JavaBlocks();
        blocks("java").forEach(java::add);
        assertEquals(List.of(), java.faults(classes));
    }

    @Test
    void settingsAreRead() {
        List<String> faults = new ArrayList<>();
        for (Page.Block block : blocks("hocon")) {
            String fault = refusal(block.text());
            if (!fault.isEmpty()) {
                faults.add(block.place() + ": " + fault);
            }
        }
        assertEquals(List.of(), faults);
    }

    /** What a job says of a file, or of a layer by itself; empty where it is read. */
    private static String refusal(String settings) {
        String file = settings.strip();
        if (file.startsWith("{")) {
            file = "network.layers = [\n" + file
                    + (file.contains("type = energy") ? "\n]" : "\n{ type = output, units = 10 }\n]");
        }
        try {
            Config config = ConfigFactory.parseString(file);
            JobSettings job = JobSettings.TRAIN;
            Config base = NETWORK;
            if (config.hasPath("sweep")) {
                job = JobSettings.SWEEP;
                base = ConfigFactory.parseFile(
                        PROJECT.resolve("conf/digits.conf").toFile());
            } else if (config.hasPath("study")) {
                job = JobSettings.STUDY;
                base = ConfigFactory.empty();
            }
            job.read(config.withFallback(base).resolve(), DeclarationObserver.NONE);
            return "";
        } catch (ConfigException | CoinflipException e) {
            return e.getMessage();
        }
    }

    @Test
    void commandsAreKnown() {
        CommandLines commands = new CommandLines(reference);
        List<String> faults = new ArrayList<>();
        for (Page.Block block : blocks("sh")) {
            commands.faults(block.text()).forEach(fault -> faults.add(block.place() + ": " + fault));
        }
        for (Page page : pages) {
            for (Page.Found code : page.code()) {
                if (code.text().startsWith("submit-scripts/") || code.text().startsWith("mvn ")) {
                    commands.faults(code.text()).forEach(fault -> faults.add(code.place() + ": " + fault));
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void whatIsNamedIsThere() {
        List<String> faults = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Found code : page.code()) {
                Matcher named = NAMED.matcher(code.text());
                while (named.find()) {
                    boolean own = named.start() == 0 || " @".indexOf(code.text().charAt(named.start() - 1)) >= 0;
                    if (own && !ProjectFiles.has(named.group())) {
                        faults.add(code.place() + ": " + named.group());
                    }
                }
                if (NAMED_TEST.matcher(code.text()).matches()
                        && !ProjectFiles.classes().contains(code.text())) {
                    faults.add(code.place() + ": " + code.text());
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void indexHasEveryPage() throws IOException {
        String index = Files.readString(PROJECT.resolve("docs/index.md"));
        List<String> missing = pages.stream()
                .map(page -> page.file().getFileName().toString())
                .filter(name -> !name.equals("index.md") && !index.contains(name + ")"))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void aWrongBlockIsFound() throws IOException {
        JavaBlocks java = new JavaBlocks();
        Page page = Page.of(
                """
                # One page
                ## One `page`
                [here](#one-page-1), [not here](#one-pages), [nowhere](nowhere.md)
                ```java
                Model model = Model.lode(folder);
                ```
                """);
        page.blocks().forEach(java::add);
        List<String> faults = java.faults(classes);
        assertEquals(1, faults.size(), faults.toString());
        assertTrue(faults.get(0).startsWith("docs/made-up.md:5: cannot find symbol"), faults.get(0));
        assertEquals(
                List.of("docs/made-up.md:3: #one-pages: no such heading", "docs/made-up.md:3: nowhere.md"),
                deadLinks(page));
        assertEquals("", refusal("training { batch = 3 }"));
        for (String wrong :
                List.of("training { bach = 3 }", "{ type = tree-experts, dept = 10, units = 16 }", "a = {")) {
            assertNotEquals("", refusal(wrong), wrong);
        }
    }

    @Test
    void aWrongCommandIsFound() {
        CommandLines commands = new CommandLines(reference);
        assertEquals(
                List.of(
                        "no script submit-scripts/trian.sh",
                        "Unknown option: '--masters'",
                        "no file conf/digit.conf",
                        "--help: got training.bach, expected a key or a section of train.sh; did you mean"
                                + " training.batch?; docs/reference.md has all",
                        "--help: got network.layers.unitz, expected a key or a section of train.sh; did you mean"
                                + " network.layers.units?; docs/reference.md has all",
                        "no test DocumentTest"),
                commands.faults(
                        """
                        submit-scripts/trian.sh   # a comment; of one script
                        A=b submit-scripts/train.sh --masters local | submit-scripts/train.sh --conf conf/digit.conf \\
                            training.bach=3
                        submit-scripts/sweep.sh 'sweep.space.network.layers.dense.unitz=[1, 2]' "sweep.trials=3"
                        mvn test -Dtest=DocumentsTest,DocumentTest
                        """));
    }
}
