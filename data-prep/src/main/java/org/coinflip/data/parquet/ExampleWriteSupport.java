package org.coinflip.data.parquet;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.coinflip.model.example.Examples;

/** Hands the examples of one block to Parquet, each by its place in the block. */
final class ExampleWriteSupport extends WriteSupport<Integer> {
    private final Examples examples;
    private RecordConsumer consumer;

    ExampleWriteSupport(Examples examples) {
        this.examples = examples;
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(
                ExampleSchema.of(examples.areBytes(), examples.areValued(), examples.areWeighted()), Map.of());
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
        if (examples.areBytes()) {
            int width = examples.width();
            consumer.addBinary(Binary.fromConstantByteArray(examples.bytes(), place * width, width));
        } else {
            writeFloats(place);
        }
        consumer.endField(ExampleSchema.FEATURES, 2);
        if (examples.areValued()) {
            consumer.startField(ExampleSchema.VALUE, 3);
            consumer.addFloat(examples.value(place));
            consumer.endField(ExampleSchema.VALUE, 3);
        }
        if (examples.areWeighted()) {
            int field = examples.areValued() ? 4 : 3;
            consumer.startField(ExampleSchema.WEIGHT, field);
            consumer.addFloat(examples.weight(place));
            consumer.endField(ExampleSchema.WEIGHT, field);
        }
        consumer.endMessage();
    }

    private void writeFloats(int place) {
        consumer.startGroup();
        consumer.startField(ExampleSchema.LIST, 0);
        for (int j = 0; j < examples.width(); j++) {
            consumer.startGroup();
            consumer.startField(ExampleSchema.ELEMENT, 0);
            consumer.addFloat(examples.feature(place, j));
            consumer.endField(ExampleSchema.ELEMENT, 0);
            consumer.endGroup();
        }
        consumer.endField(ExampleSchema.LIST, 0);
        consumer.endGroup();
    }
}
