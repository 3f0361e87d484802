package org.coinflip.data.output;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.UsageException;

/**
 * Sees that an output is not where a job's inputs are. Places are compared as the file system has them: links of the local one are followed,
 * {@code .} and {@code ..} resolved, and two ways to name one file system are one.
 */
public final class Apart {
    /** Inputs that are one folder of files that belong together: nothing else is written there. */
    private static final List<String> WHOLE = List.of("model", "data.path");

    private Apart() {}

    /**
     * Refuses an output that is an input or holds one; of prepared data and models also one that lies in them.
     *
     * @param output as the user wrote it
     * @param inputs paths as the user wrote them, by the key under which
     * @throws UsageException in one line that names both
     */
    public static void require(String output, Map<String, String> inputs, Configuration conf) {
        Optional<String> written = place(output, conf);
        if (written.isEmpty()) {
            return;
        }
        inputs.forEach((key, input) -> place(input, conf).ifPresent(read -> {
            boolean holds = (read + "/").startsWith(written.get() + "/");
            boolean lies = WHOLE.contains(key) && (written.get() + "/").startsWith(read + "/") && isWhole(input, conf);
            if (holds || lies) {
                throw new UsageException("output " + output + " " + (holds ? "holds" : "lies in") + " the input " + key
                        + " " + input + ", expected a folder of its own: name another");
            }
        }));
    }

    private static boolean isWhole(String input, Configuration conf) {
        try {
            Path folder = StoredBytes.path(input);
            FileSystem fileSystem = folder.getFileSystem(conf);
            return fileSystem.exists(new Path(folder, "manifest.json"))
                    || fileSystem.exists(new Path(folder, "model.json"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a path leads, the same text for the same place; nothing where it leads nowhere, which who reads or writes it will say. */
    private static Optional<String> place(String written, Configuration conf) {
        try {
            Path path = StoredBytes.path(written);
            FileSystem fileSystem = path.getFileSystem(conf);
            URI uri = fileSystem.makeQualified(path).toUri();
            String service = fileSystem.getCanonicalServiceName();
            String name = "file".equals(uri.getScheme()) ? real(java.nio.file.Path.of(uri.getPath())) : uri.getPath();
            return Optional.of(uri.getScheme() + "://" + (service == null ? uri.getAuthority() : service)
                    + (name.equals("/") ? "" : name));
        } catch (IOException | IllegalArgumentException | UsageException e) {
            return Optional.empty();
        }
    }

    /** The path without links, as far as there is something; the rest as it is written. */
    private static String real(java.nio.file.Path path) throws IOException {
        java.nio.file.Path there = path.toAbsolutePath().normalize();
        List<String> rest = new ArrayList<>();
        while (!java.nio.file.Files.exists(there) && there.getParent() != null) {
            rest.add(0, there.getFileName().toString());
            there = there.getParent();
        }
        try {
            java.nio.file.Path real = there.toRealPath();
            return rest.isEmpty()
                    ? real.toString()
                    : real.resolve(String.join("/", rest)).toString();
        } catch (InvalidPathException e) {
            return path.toString();
        }
    }
}
