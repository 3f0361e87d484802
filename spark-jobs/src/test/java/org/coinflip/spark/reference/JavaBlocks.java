package org.coinflip.spark.reference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles blocks of Java, all at once. A block is types, statements, or, where it begins with a point, calls on a builder. Imports, to which a block may add
 * its own, and the variables that pages take for given are in {@code blocks.txt}.
 */
final class JavaBlocks {
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:(?:public|final|abstract) )*(?:class|interface|record|enum) ");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import [\\w.]+;\n+");

    private final List<JavaFileObject> sources = new ArrayList<>();
    private final List<Page.Block> blocks = new ArrayList<>();
    private final String given;
    private final String variables;

    JavaBlocks() throws IOException {
        try (InputStream in = JavaBlocks.class.getResourceAsStream("blocks.txt")) {
            String[] parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n", 2);
            given = parts[0] + "\n";
            variables = parts[1];
        }
    }

    void add(Page.Block block) {
        String name = "Block" + blocks.size();
        String text = IMPORT.matcher(block.text()).replaceAll("");
        String imports = IMPORT.matcher(block.text())
                .results()
                .map(MatchResult::group)
                .reduce(given, (all, own) -> without(all, own.replaceAll("(?s).*[.](\\w+);\\s*", "$1")) + own);
        String body;
        if (TYPE.matcher(text).find()) {
            // of a type that is public the file has the name
            body = text.replaceAll("(?m)^public ", "");
        } else {
            String method = text.startsWith(".")
                    ? "Object calls() { return NetworkBuilder.inputs(64)\n" + text + "; }"
                    : "void statements() throws Exception {\n" + text + "\n}";
            body = "class " + name + " {\n" + variables + method + "\n}";
        }
        String home = block.home().isEmpty() ? "documents" : block.home();
        String source = "package " + home + ";\n" + imports + body + "\n";
        blocks.add(block);
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + home.replace('.', '/') + "/" + name + ".java"),
                        JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignored) {
                        return source;
                    }
                });
    }

    private static String without(String imports, String type) {
        return imports.replaceAll("(?m)^import [\\w.]+\\." + type + ";\n", "");
    }

    /** What does not compile, a line each. */
    List<String> faults(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> heard = new DiagnosticCollector<>();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-implicit:none", "-Xmaxerrs", "1000", "-d", classes.toString(), "-cp", path);
        compiler.getTask(null, null, heard, options, null, sources).call();
        List<String> faults = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : heard.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                Page.Block block = blocks.get(sources.indexOf(diagnostic.getSource()));
                faults.add(block.place() + ": "
                        + diagnostic.getMessage(Locale.ROOT).lines().findFirst().orElse(""));
            }
        }
        return faults;
    }
}
