package org.coinflip.model.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A place of named files, in which a model is kept: a local folder, or what another file system has. */
public interface Folder {
    /** The content of a file. */
    byte[] read(String name) throws IOException;

    /** Writes a file whole: who reads it finds all of it, or what was there before. */
    void write(String name, byte[] content) throws IOException;

    /** Where it is, for messages. */
    @Override
    String toString();

    /** A folder of this machine; made when it is first written to. */
    static Folder of(Path path) {
        return new LocalFolder(path);
    }
}
