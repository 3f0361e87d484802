package org.coinflip.data.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The columns of an example file, as Spark and other readers see them: {@code id}, {@code label}, {@code features}; where examples have them, {@code value} and {@code weight}. */
public final class ExampleSchema {
    static final String ID = "id";
    static final String LABEL = "label";
    static final String FEATURES = "features";
    static final String LIST = "list";
    static final String ELEMENT = "element";
    /** What regression is held to. */
    public static final String VALUE = "value";
    /** What an example counts. */
    public static final String WEIGHT = "weight";

    private ExampleSchema() {}

    /**
     * The schema.
     *
     * @param bytes features as one binary value, a byte each, or as a list of floats
     * @param valued whether examples have values, for regression
     * @param weighted whether examples have weights
     */
    public static MessageType of(boolean bytes, boolean valued, boolean weighted) {
        List<Type> columns = new ArrayList<>(List.of(
                required(PrimitiveTypeName.INT64, ID),
                required(PrimitiveTypeName.INT32, LABEL),
                bytes ? required(PrimitiveTypeName.BINARY, FEATURES) : floats()));
        if (valued) {
            columns.add(required(PrimitiveTypeName.FLOAT, VALUE));
        }
        if (weighted) {
            columns.add(required(PrimitiveTypeName.FLOAT, WEIGHT));
        }
        return new MessageType("example", columns);
    }

    private static Type required(PrimitiveTypeName type, String name) {
        return Types.required(type).named(name);
    }

    private static Type floats() {
        return Types.requiredGroup()
                .as(LogicalTypeAnnotation.listType())
                .addField(Types.repeatedGroup()
                        .addField(required(PrimitiveTypeName.FLOAT, ELEMENT))
                        .named(LIST))
                .named(FEATURES);
    }
}
