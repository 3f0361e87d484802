package org.coinflip.dl4j;

import org.coinflip.model.example.Examples;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Examples in the form that DL4J trains on. */
public final class DataSets {
    private DataSets() {}

    /**
     * The examples at the first {@code count} places, in order: features as the network sees them, labels as one-hot rows.
     *
     * @param places not modified
     */
    public static DataSet of(Examples examples, int[] places, int count) {
        float[] features = new float[Math.multiplyExact(count, examples.width())];
        float[] labels = new float[Math.multiplyExact(count, examples.classes())];
        for (int i = 0; i < count; i++) {
            labels[i * examples.classes() + examples.label(places[i])] = 1f;
            for (int j = 0; j < examples.width(); j++) {
                features[i * examples.width() + j] = examples.feature(places[i], j);
            }
        }
        return new DataSet(
                Nd4j.create(features, new long[] {count, examples.width()}, 'c'),
                Nd4j.create(labels, new long[] {count, examples.classes()}, 'c'));
    }
}
