package org.coinflip.spark.ml;

import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.coinflip.Model;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
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

    /** A model that is there. */
    static StageModel trained(StageModel model) {
        if (model == null) {
            throw new UsageException("got a stage without a network, expected one that fit(…) or load(…) gave");
        }
        return model;
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

    /**
     * The predictions for some rows, as {@link #predict(float[])}; they do not depend on how many rows there are. They may differ from those
     * of one row in the last bits, for matrix libraries round products of other sizes otherwise.
     */
    float[][] predict(float[][] rows) {
        int width = model.stored().transformation().inputs();
        int count = Math.max(2, rows.length); // of one row, twice that: as many are computed alike
        long[] ids = new long[count];
        int[] labels = new int[count];
        float[] features = new float[Math.multiplyExact(count, width)];
        for (int i = 0; i < count; i++) {
            float[] row = rows[Math.min(i, rows.length - 1)];
            if (row.length != width) {
                throw new DataException("a row has " + row.length + " features, expected " + width
                        + " as the rows of the training had");
            }
            System.arraycopy(row, 0, features, i * width, width);
            ids[i] = RowExamples.hash(row, 0, width, Examples.UNLABELLED);
            labels[i] = Examples.UNLABELLED;
        }
        return model.predict(Examples.ofFloats(width, 1, ids, labels, features));
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
