package org.coinflip.spark.reference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles blocks of Java, all at once. A block is types, statements, or, where it begins with a point, calls on a builder. Imports and the variables that
 * pages take for given are in {@code blocks.txt}.
 */
final class JavaBlocks {
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:(?:public|final|abstract) )*(?:class|interface|record|enum) ");

    private final List<JavaFileObject> sources = new ArrayList<>();
    private final List<Page.Block> blocks = new ArrayList<>();
    private final String given;

    JavaBlocks() throws IOException {
        try (InputStream in = JavaBlocks.class.getResourceAsStream("blocks.txt")) {
            given = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void add(Page.Block block) {
        String name = "Block" + blocks.size();
        String text = block.text();
        String body;
        if (TYPE.matcher(text).find()) {
            body = text;
        } else if (text.startsWith(".")) {
            body = "Object calls() { return NetworkBuilder.inputs(64)\n" + text + "; }";
        } else {
            body = "void statements() throws Exception {\n" + text + "\n}";
        }
        // a type of the package is not imported over itself
        String imports = block.home().isEmpty()
                ? given
                : given.replaceAll("(?m)^import " + Pattern.quote(block.home()) + "\\.[A-Z]\\w*;\n", "");
        String home = block.home().isEmpty() ? "documents" : block.home();
        String source = "package " + home + ";\n" + imports.replace("GIVEN {", "class " + name + " {") + body + "\n}\n";
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
