package org.coinflip.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** A graph of ONNX operators that is built node by node; values are named by number. Field numbers are those of {@code onnx.proto3}. */
final class Graph {
    /** ONNX 1.12: the first with all that is written here is older. */
    private static final int IR_VERSION = 8;

    private static final int OPERATORS = 17;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private final Message body = new Message();
    private int values;

    /** An attribute of an operator. */
    record Attribute(Message message) {
        static Attribute of(String name, long value) {
            return new Attribute(new Message().text(1, name).number(3, value).number(20, ATTRIBUTE_INT));
        }

        static Attribute of(String name, float value) {
            return new Attribute(new Message().text(1, name).real(2, value).number(20, ATTRIBUTE_FLOAT));
        }

        static Attribute of(String name, long... values) {
            Message message = new Message().text(1, name);
            Arrays.stream(values).forEach(value -> message.number(8, value));
            return new Attribute(message.number(20, ATTRIBUTE_INTS));
        }

        /** The type float32 for operators that have to be told. */
        static Attribute ofFloat(String name) {
            return of(name, (long) FLOAT);
        }
    }

    /** An operator's only output. */
    String node(String operator, List<String> inputs, Attribute... attributes) {
        String output = "v" + values++;
        node(operator, inputs, output, attributes);
        return output;
    }

    /** An operator whose output has a name. */
    void node(String operator, List<String> inputs, String output, Attribute... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, operator + " " + output).text(4, operator);
        Arrays.stream(attributes).forEach(attribute -> node.message(5, attribute.message));
        body.message(1, node);
    }

    /** A constant. */
    String constant(float[] numbers, long... shape) {
        return constant(FLOAT, Message.littleEndian(numbers), shape);
    }

    /** A constant vector of whole numbers. */
    String constant(long... numbers) {
        return constant(INT64, Message.littleEndian(numbers), numbers.length);
    }

    private String constant(int type, byte[] raw, long... shape) {
        String name = "c" + values++;
        Message tensor = new Message();
        LongStream.of(shape).forEach(size -> tensor.number(1, size));
        body.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
        return name;
    }

    /** Says that a value goes in: rows of so many numbers. */
    void input(String name, int columns) {
        body.message(11, rows(name, columns));
    }

    /** Says that a value comes out. */
    void output(String name, int columns) {
        body.message(12, rows(name, columns));
    }

    private static Message rows(String name, int columns) {
        Message shape = new Message()
                .message(1, new Message().text(2, "examples"))
                .message(1, new Message().number(1, columns));
        Message tensor = new Message().number(1, FLOAT).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** The file's bytes. */
    byte[] toModel(String name) {
        Message operators = new Message().text(1, "").number(2, OPERATORS);
        return new Message()
                .number(1, IR_VERSION)
                .text(2, "coinflip")
                .message(7, body.text(2, name))
                .message(8, operators)
                .toByteArray();
    }
}
