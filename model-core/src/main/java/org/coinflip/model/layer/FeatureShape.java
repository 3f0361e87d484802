package org.coinflip.model.layer;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * How the columns that a layer gives make pictures or maps: lines, columns and channels.
 *
 * @param height lines
 * @param width columns
 * @param channels numbers of a pixel
 * @param order how they lie; channels last where there is one
 */
public record FeatureShape(int height, int width, int channels, Order order) implements Serializable {
    /** Of data that are not read yet. */
    public static final FeatureShape UNKNOWN = new FeatureShape(0, 0, 0, Order.CHANNELS_LAST);

    /** What is taken for pictures of data that are not read yet: larger than any window. */
    private static final FeatureShape ANY_PICTURE = new FeatureShape(512, 512, 1, Order.CHANNELS_LAST);

    /** Where channel c of the pixel in line y and column x lies. */
    public enum Order {
        /** Plane by plane (NCHW), as pictures of data: {@code (c · height + y) · width + x}. */
        CHANNELS_FIRST,
        /** Pixel by pixel (NHWC), as maps of layers: {@code (y · width + x) · channels + c}. */
        CHANNELS_LAST
    }

    public FeatureShape {
        order = channels > 1 ? order : Order.CHANNELS_LAST;
    }

    /** Features that are no picture. */
    public static FeatureShape flat(int features) {
        return new FeatureShape(1, 1, features, Order.CHANNELS_LAST);
    }

    /** The maps of a layer. */
    public static FeatureShape maps(int height, int width, int channels) {
        return new FeatureShape(height, width, channels, Order.CHANNELS_LAST);
    }

    /** Pictures of data, plane by plane. */
    public static FeatureShape pictures(int height, int width, int planes) {
        return new FeatureShape(height, width, planes, Order.CHANNELS_FIRST);
    }

    /** Columns; 1 for data that are not read yet. */
    public int columns() {
        return equals(UNKNOWN) ? 1 : Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    private boolean isPicture() {
        return height * width > 1;
    }

    /** Whether each column is the same number of the same pixel as in another shape, as far as is known: features need make no picture. */
    public boolean agrees(FeatureShape other) {
        return equals(other) || columns() == other.columns() && !(isPicture() && other.isPicture());
    }

    /** {@code "4 × 4 pixels of 3 channels"}, or how many columns there are. */
    public String inWords() {
        return isPicture()
                ? height + " × " + width + " pixels of " + channels
                        + (order == Order.CHANNELS_FIRST ? " planes, one behind the other" : " channels")
                : columns() + " columns";
    }

    /**
     * The pictures that a layer reads: by the key {@code image}, or as what is below makes them. What makes none, as features of data that
     * say nothing of it, is taken to lie as pictures of data do unless {@code order} says otherwise.
     */
    public static FeatureShape read(Section section, FeatureShape below) {
        Order order = section.choice("order", below.isPicture() ? below.order : Order.CHANNELS_FIRST);
        if (!section.has("image")) {
            if (below.equals(UNKNOWN)) {
                return ANY_PICTURE;
            }
            if (!below.isPicture()) {
                throw section.wrong(
                        "image",
                        "[height, width, channels] of the " + below.columns()
                                + " features below, which are not known to make a picture");
            }
            return new FeatureShape(below.height, below.width, below.channels, order);
        }
        List<Double> sizes = section.numbers("image", List.of());
        double columns = sizes.stream().reduce(1.0, (a, b) -> a * b);
        if (sizes.size() != 3
                || sizes.stream().anyMatch(size -> size < 1 || size != Math.rint(size))
                || columns > Integer.MAX_VALUE
                || !below.equals(UNKNOWN) && columns != below.columns()) {
            throw section.wrong(
                    "image",
                    "three whole numbers, [height, width, channels]"
                            + (below.equals(UNKNOWN) ? "" : ", whose product is " + below.columns()));
        }
        return new FeatureShape(
                sizes.get(0).intValue(), sizes.get(1).intValue(), sizes.get(2).intValue(), order);
    }

    /** As {@link #read} has it. */
    public void write(Map<String, Object> keys) {
        keys.put("image", List.of(height, width, channels));
        keys.put("order", Section.name(order));
    }
}
