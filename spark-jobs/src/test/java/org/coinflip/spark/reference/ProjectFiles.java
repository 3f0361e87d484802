package org.coinflip.spark.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What there is in the project's folders. */
final class ProjectFiles {
    private static final Path PROJECT = Path.of("..");
    private static final List<String> SOURCES = List.of("model-core", "data-prep", "spark-jobs", "benchmarks");
    private static final Set<String> CLASSES = read();

    private ProjectFiles() {}

    private static Set<String> read() {
        Set<String> classes = new TreeSet<>();
        for (String module : SOURCES) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.substring(0, name.length() - ".java".length())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return classes;
    }

    /** The names of all files of Java, without their ending. */
    static Set<String> classes() {
        return CLASSES;
    }

    /** Whether a file, a folder, or files of a pattern's folder are there. */
    static boolean has(String path) {
        int star = path.indexOf('*');
        return Files.exists(PROJECT.resolve(star < 0 ? path : path.substring(0, path.lastIndexOf('/', star) + 1)));
    }
}
