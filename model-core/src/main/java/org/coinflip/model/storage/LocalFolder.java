package org.coinflip.model.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A folder of this machine. Files are written beside their place and renamed into it.
 *
 * @param path of the folder
 */
record LocalFolder(Path path) implements Folder {
    @Override
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(path.resolve(name));
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        Files.createDirectories(path);
        Path unfinished = Files.createTempFile(path, "." + name + ".", ".unfinished");
        try {
            Files.write(unfinished, content);
            Files.move(unfinished, path.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
