package org.coinflip.spark.averaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Serialises RPC messages of this project's classes. Spark reads a message with the loader that its process began with, which has none of an
 * application's classes where those come as a jar; so they travel as bytes, and are read with the loader of this class.
 */
final class RpcEnvelope {
    private RpcEnvelope() {}

    static byte[] write(Serializable message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(message);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    static Object read(byte[] envelope) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(envelope)) {
            @Override
            protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
                try {
                    return Class.forName(type.getName(), false, RpcEnvelope.class.getClassLoader());
                } catch (ClassNotFoundException e) {
                    return super.resolveClass(type);
                }
            }
        }) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(
                    "a message of another version of this project, or of a class that is not there", e);
        }
    }
}
