package org.coinflip.data.parquet;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of an example file, as Spark and other readers see them: {@code id}, {@code label} and {@code features}. */
public final class ExampleSchema {
    static final String ID = "id";
    static final String LABEL = "label";
    static final String FEATURES = "features";
    static final String LIST = "list";
    static final String ELEMENT = "element";

    private static final MessageType BYTES = MessageTypeParser.parseMessageType(
            """
            message example {
              required int64 id;
              required int32 label;
              required binary features;
            }
            """);

    private static final MessageType FLOATS = MessageTypeParser.parseMessageType(
            """
            message example {
              required int64 id;
              required int32 label;
              required group features (LIST) {
                repeated group list {
                  required float element;
                }
              }
            }
            """);

    private ExampleSchema() {}

    /** Features as one binary value, a byte each, or as a list of floats. */
    public static MessageType of(boolean bytes) {
        return bytes ? BYTES : FLOATS;
    }
}
