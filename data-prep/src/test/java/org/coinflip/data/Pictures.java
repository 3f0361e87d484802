package org.coinflip.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Small pictures, written by the JDK. */
public final class Pictures {
    private Pictures() {}

    /**
     * A PNG whose samples count up, plane by plane: sample k is {@code (first + k) mod 256}.
     *
     * @param planes 1 of grey, 3 of red, green and blue
     */
    public static byte[] png(int rows, int columns, int planes, int first) {
        BufferedImage image = new BufferedImage(
                columns, rows, planes == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < rows * columns; i++) {
                image.getRaster().setSample(i % columns, i / columns, plane, first + plane * rows * columns + i & 0xFF);
            }
        }
        return written(image, "png");
    }

    /** The same PNG with the checksum of each chunk made right, as far as there are chunks. */
    public static byte[] sealed(byte[] png) {
        byte[] sealed = png.clone();
        ByteBuffer chunks = ByteBuffer.wrap(sealed);
        int start = 8;
        while (start >= 8 && start + 12 <= sealed.length) {
            int length = chunks.getInt(start);
            if (length < 0 || length > sealed.length - start - 12) {
                break;
            }
            CRC32 sum = new CRC32();
            sum.update(sealed, start + 4, 4 + length);
            chunks.putInt(start + 8 + length, (int) sum.getValue());
            start += 12 + length;
        }
        return sealed;
    }

    /** A picture in the form of this name. */
    public static byte[] written(BufferedImage image, String form) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, form, out)) {
                throw new IllegalArgumentException("no writer of " + form + " takes this picture");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
