package org.coinflip.spark.ml;

import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.coinflip.Model;
import org.coinflip.model.example.Examples;
import org.coinflip.model.storage.Folder;
import org.coinflip.model.storage.StoredModel;

/** A trained network that travels to tasks as the bytes of its files, and is opened there once. */
final class StageModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, byte[]> files;
    private final transient Model model;

    private StageModel(HashMap<String, byte[]> files, Model model) {
        this.files = files;
        this.model = model;
    }

    static StageModel of(StoredModel stored) {
        HashMap<String, byte[]> files = new HashMap<>();
        try {
            stored.write(new InMemory(files));
        } catch (IOException e) {
            throw new IllegalStateException("memory is always written", e);
        }
        return new StageModel(files, new Model(stored));
    }

    /** What a model that arrived is. */
    private Object readResolve() throws ObjectStreamException {
        return new StageModel(files, new Model(StoredModel.read(new InMemory(files))));
    }

    Model model() {
        return model;
    }

    /** The prediction for one row; its draws, where units draw, are by a hash of its features. */
    float[] predict(float[] features) {
        long[] id = {RowExamples.hash(features, 0, features.length, Examples.UNLABELLED)};
        return model.predict(Examples.ofFloats(features.length, 1, id, new int[] {Examples.UNLABELLED}, features))[0];
    }

    private record InMemory(Map<String, byte[]> files) implements Folder {
        @Override
        public byte[] read(String name) {
            return files.get(name);
        }

        @Override
        public void write(String name, byte[] content) {
            files.put(name, content);
        }

        @Override
        public String toString() {
            return "of a stage";
        }
    }
}
