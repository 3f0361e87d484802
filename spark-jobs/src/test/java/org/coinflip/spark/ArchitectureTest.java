package org.coinflip.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Which package uses which, by the compiled classes: without circles, and as docs/architecture.md has it. A dependency that is new is put there by {@code mvn -pl spark-jobs -am test
 * -Dtest=ArchitectureTest -Dcoinflip.write-docs=true -Dsurefire.failIfNoSpecifiedTests=false}, where whoever reads the change sees it.
 */
class ArchitectureTest {
    private static final Path DOCUMENT = Path.of("../docs/architecture.md");
    private static final String ROOT = "org.coinflip";
    private static final List<String> MODULES = List.of("model-core", "data-prep", "spark-jobs");
    private static final Pattern SENTENCE = Pattern.compile("/\\*\\*[\\s*]*(.*?)\\.\\s", Pattern.DOTALL);

    /**
     * Packages that use each other. Kernels fill rows from examples, and examples are scaled by the kernels' multiply-add, for the same bits; of studies the parent package has the registry, and what all of them share.
     */
    private static final Set<Set<String>> CIRCLES = Set.of(
            Set.of("model.example", "model.kernel.operation"),
            Set.of(
                    "spark.study",
                    "spark.study.curvature",
                    "spark.study.energy",
                    "spark.study.estimators",
                    "spark.study.retrieval",
                    "spark.study.scaling"));

    /** Of each package, without its root, those that it uses; by module. */
    private static final Map<String, Map<String, Set<String>>> USES = new TreeMap<>();

    private static final Map<String, Set<String>> ALL = new TreeMap<>();

    @BeforeAll
    static void read() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        for (String module : MODULES) {
            Map<String, Set<String>> uses = new TreeMap<>();
            for (JavaClass type : new ClassFileImporter().importPath(Path.of("..", module, "target", "classes"))) {
                if (isOurs(type)) {
                    Set<String> used = uses.computeIfAbsent(name(type), key -> new TreeSet<>());
                    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                        if (isOurs(dependency.getTargetClass())) {
                            used.add(name(dependency.getTargetClass()));
                        }
                    }
                }
            }
            uses.forEach((name, used) -> used.remove(name));
            USES.put(module, uses);
            ALL.putAll(uses);
        }
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT);
    }

    private static String name(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? ROOT : name.substring(ROOT.length() + 1);
    }

    /** Packages that can be reached from one by uses. */
    private static Set<String> reached(String from) {
        Set<String> reached = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            for (String next : ALL.getOrDefault(open.remove(open.size() - 1), Set.of())) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private static Set<String> circle(String of) {
        return ALL.keySet().stream()
                .filter(other -> other.equals(of)
                        || reached(of).contains(other) && reached(other).contains(of))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void packagesDoNotUseEachOther() {
        assertTrue(ALL.size() > 50, "found the classes");
        assertEquals(
                CIRCLES,
                ALL.keySet().stream()
                        .map(ArchitectureTest::circle)
                        .filter(circle -> circle.size() > 1)
                        .collect(Collectors.toSet()));
    }

    @Test
    void modulesUseThoseBelow() {
        for (int i = 0; i < MODULES.size(); i++) {
            for (int above = i + 1; above < MODULES.size(); above++) {
                Set<String> theirs = USES.get(MODULES.get(above)).keySet();
                for (Map.Entry<String, Set<String>> uses :
                        USES.get(MODULES.get(i)).entrySet()) {
                    assertTrue(
                            uses.getValue().stream().noneMatch(theirs::contains),
                            MODULES.get(i) + " uses " + MODULES.get(above) + ": " + uses);
                }
            }
        }
    }

    @Test
    void documentShowsWhatTheClassesUse() throws IOException {
        String page = page();
        if (Boolean.getBoolean("coinflip.write-docs")) {
            Files.writeString(DOCUMENT, page);
        }
        assertEquals(
                page,
                Files.readString(DOCUMENT),
                "docs/architecture.md: mvn -pl spark-jobs -am test -Dtest=ArchitectureTest -Dcoinflip.write-docs=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder(
                """
                # Architecture

                Three modules, each of which uses those below: `spark-jobs` → `data-prep` → `model-core`. Within them packages use each other one way; where two are in one box they do both ways, which \
                `ArchitectureTest` names with the reason. The pictures and tables are written by that test from the compiled classes, and it fails where they differ: an arrow is a use that no path of other \
                arrows stands for. `model-core/scoring` is what scoring reaches of `model-core`, in one jar; `benchmarks` uses all.
                """);
        for (int i = MODULES.size() - 1; i >= 0; i--) {
            Map<String, Set<String>> uses = USES.get(MODULES.get(i));
            page.append("\n## ").append(MODULES.get(i)).append("\n```mermaid\ngraph TD\n");
            picture(uses.keySet(), page);
            page.append("```\n\n| package | is |\n|---|---|\n");
            for (String name : uses.keySet()) {
                page.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(sentence(MODULES.get(i), name))
                        .append(" |\n");
            }
        }
        return page.toString();
    }

    private static void picture(Set<String> names, StringBuilder page) {
        Set<String> arrows = new TreeSet<>();
        for (String name : names) {
            Set<String> circle = circle(name);
            Set<String> below = circle.stream()
                    .flatMap(member -> ALL.get(member).stream())
                    .filter(used -> names.contains(used) && !circle.contains(used))
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String used : below) {
                boolean isByAnother = below.stream()
                        .anyMatch(other ->
                                !circle(other).contains(used) && reached(other).contains(used));
                if (!isByAnother) {
                    arrows.add("  " + box(circle) + " --> " + box(circle(used)) + "\n");
                }
            }
            if (below.isEmpty()) {
                arrows.add("  " + box(circle) + "\n");
            }
        }
        arrows.forEach(page::append);
    }

    /** A circle's box, with an identifier that the picture's language takes. */
    private static String box(Set<String> circle) {
        String names = String.join("<br>", circle);
        return circle.iterator().next().replace('.', '_') + "[\"" + names + "\"]";
    }

    /** The first sentence of a package page. */
    private static String sentence(String module, String name) throws IOException {
        String folder = (name.equals(ROOT) ? ROOT : ROOT + "." + name).replace('.', '/');
        Matcher sentence =
                SENTENCE.matcher(Files.readString(Path.of("..", module, "src/main/java", folder, "package-info.java")));
        assertTrue(sentence.find(), name);
        return sentence.group(1)
                .replaceAll("\\s*\\n \\* ?", " ")
                .replaceAll("\\{@(?:code|link|linkplain) (?:org\\.coinflip[a-z.]*\\.)?([^}]*)}", "`$1`")
                .strip();
    }
}
