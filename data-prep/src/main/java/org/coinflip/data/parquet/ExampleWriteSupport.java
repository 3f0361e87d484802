package org.coinflip.data.parquet;

import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseFeatures;

/** Hands the examples of one block to Parquet, each by its place in the block. */
final class ExampleWriteSupport extends WriteSupport<Integer> {
    private final Examples examples;
    private final ExampleSchema schema;
    private RecordConsumer consumer;

    ExampleWriteSupport(Examples examples) {
        this.examples = examples;
        this.schema = ExampleSchema.of(examples);
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(schema.columns(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(Integer place) {
        consumer.startMessage();
        consumer.startField(ExampleSchema.ID, 0);
        consumer.addLong(examples.id(place));
        consumer.endField(ExampleSchema.ID, 0);
        consumer.startField(ExampleSchema.LABEL, 1);
        consumer.addInteger(examples.label(place));
        consumer.endField(ExampleSchema.LABEL, 1);
        consumer.startField(ExampleSchema.FEATURES, 2);
        Features features = examples.features();
        if (features instanceof ByteFeatures bytes) {
            int width = bytes.width();
            consumer.addBinary(Binary.fromConstantByteArray(bytes.bytes(), place * width, width));
        } else if (features instanceof FloatFeatures floats) {
            int start = place * floats.width();
            writeList(start, start + floats.width(), k -> consumer.addFloat(floats.floats()[k]));
        } else {
            writeListed((SparseFeatures) features, place);
        }
        consumer.endField(ExampleSchema.FEATURES, 2);
        for (int j = 0; j < schema.targets(); j++) {
            writeNumber(schema.value(j), 3 + j, examples.value(place, j));
        }
        if (schema.areWeighted()) {
            writeNumber(ExampleSchema.WEIGHT, 3 + schema.targets(), examples.weight(place));
        }
        consumer.endMessage();
    }

    private void writeNumber(String column, int field, float number) {
        consumer.startField(column, field);
        consumer.addFloat(number);
        consumer.endField(column, field);
    }

    private void writeListed(SparseFeatures features, int place) {
        int start = features.start(place);
        int end = features.start(place + 1);
        consumer.startGroup();
        consumer.startField(ExampleSchema.INDICES, 0);
        writeList(start, end, k -> consumer.addInteger(features.index(k)));
        consumer.endField(ExampleSchema.INDICES, 0);
        consumer.startField(ExampleSchema.VALUES, 1);
        writeList(start, end, k -> consumer.addFloat(features.listed(k)));
        consumer.endField(ExampleSchema.VALUES, 1);
        consumer.endGroup();
    }

    private void writeList(int start, int end, IntConsumer element) {
        consumer.startGroup();
        if (end > start) {
            consumer.startField(ExampleSchema.LIST, 0);
            for (int k = start; k < end; k++) {
                consumer.startGroup();
                consumer.startField(ExampleSchema.ELEMENT, 0);
                element.accept(k);
                consumer.endField(ExampleSchema.ELEMENT, 0);
                consumer.endGroup();
            }
            consumer.endField(ExampleSchema.LIST, 0);
        }
        consumer.endGroup();
    }
}
