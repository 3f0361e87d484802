package org.coinflip.data.parquet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;

/**
 * The columns of an example file, as Spark and other readers see them: {@code id}, {@code label}, {@code features}; where examples have them, {@code value}, or
 * {@code value_0}, {@code value_1}, … of several, and {@code weight}. Features are one binary value, a byte each; a list of floats; or, of those that are not 0, a list of {@code indices} from 0,
 * ascending, and one of {@code values}, before scaling.
 *
 * @param form how features are written
 * @param targets values an example; 0 where examples have none
 * @param areWeighted whether examples have weights
 */
public record ExampleSchema(Features.Form form, int targets, boolean areWeighted) implements Serializable {
    static final String ID = "id";
    static final String LABEL = "label";
    static final String FEATURES = "features";
    static final String INDICES = "indices";
    static final String VALUES = "values";
    static final String LIST = "list";
    static final String ELEMENT = "element";
    static final String WEIGHT = "weight";
    private static final String VALUE = "value";

    /** The schema of the files of some examples. */
    public static ExampleSchema of(Examples examples) {
        return new ExampleSchema(examples.features().form(), examples.targets(), examples.areWeighted());
    }

    /** The schema that has these columns; empty where none has. */
    static Optional<ExampleSchema> of(MessageType columns) {
        int targets = (int) columns.getFields().stream()
                .filter(field -> field.getName().startsWith(VALUE))
                .count();
        return Stream.of(Features.Form.values())
                .map(form -> new ExampleSchema(form, targets, columns.containsField(WEIGHT)))
                .filter(schema -> schema.columns().equals(columns))
                .findFirst();
    }

    /** The schema that {@link #toString} writes so; empty where none is. */
    public static Optional<ExampleSchema> parse(String written) {
        try {
            return of(MessageTypeParser.parseMessageType(written));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The column of a value. */
    String value(int target) {
        return targets == 1 ? VALUE : VALUE + "_" + target;
    }

    /** The columns, as Parquet has them. */
    MessageType columns() {
        List<Type> columns = new ArrayList<>(
                List.of(required(PrimitiveTypeName.INT64, ID), required(PrimitiveTypeName.INT32, LABEL), features()));
        for (int j = 0; j < targets; j++) {
            columns.add(required(PrimitiveTypeName.FLOAT, value(j)));
        }
        if (areWeighted) {
            columns.add(required(PrimitiveTypeName.FLOAT, WEIGHT));
        }
        return new MessageType("example", columns);
    }

    private static Type required(PrimitiveTypeName type, String name) {
        return Types.required(type).named(name);
    }

    private Type features() {
        return switch (form) {
            case BYTES -> required(PrimitiveTypeName.BINARY, FEATURES);
            case FLOATS -> list(PrimitiveTypeName.FLOAT, FEATURES);
            case SPARSE -> Types.requiredGroup()
                    .addField(list(PrimitiveTypeName.INT32, INDICES))
                    .addField(list(PrimitiveTypeName.FLOAT, VALUES))
                    .named(FEATURES);
        };
    }

    private static Type list(PrimitiveTypeName elements, String name) {
        return Types.requiredGroup()
                .as(LogicalTypeAnnotation.listType())
                .addField(Types.repeatedGroup()
                        .addField(required(elements, ELEMENT))
                        .named(LIST))
                .named(name);
    }

    /** The columns, as Parquet writes them and manifests have them. */
    @Override
    public String toString() {
        return columns().toString();
    }
}
