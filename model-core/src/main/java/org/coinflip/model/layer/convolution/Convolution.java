package org.coinflip.model.layer.convolution;

import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.settings.Section;

/**
 * Every unit reads a window of the picture below, and all units of a channel share their weights:
 * {@code a[p, k] = Σ_{i,j,c} x[s y(p) + i − q, s x(p) + j − q, c] W[(i, j, c), k] + b[k]}, places p line by line, s the stride, q the padding,
 * x zero outside of the picture. A cross-correlation, as the field's programs compute what they call a convolution. The output has one column for
 * each place and channel, channels last, whatever
 * the order of the picture's.
 *
 * <p>LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition".
 *
 * @param window of the picture below
 * @param order how the picture below lies
 * @param channels maps of the output
 */
public record Convolution(Window window, FeatureShape.Order order, int channels) implements Connectivity {
    public static final String TYPE = "conv";

    /**
     * Reads a convolution.
     *
     * @param below what it reads
     * @param pieces convolutions that a channel is made of
     */
    public static Convolution read(Section section, FeatureShape below, int pieces) {
        FeatureShape image = FeatureShape.read(section, below);
        int channels = section.integer("channels", 1, Integer.MAX_VALUE / pieces);
        int padding = section.integer("padding", 0, 0, 1 << 12);
        int kernel = section.integer("kernel", 1, 1 << 12);
        int stride = section.integer("stride", 1, 1, 1 << 12);
        if (padding >= kernel) {
            throw section.wrong("padding", "less than the kernel, " + kernel);
        }
        int most = Math.min(image.height(), image.width()) + 2 * padding;
        if (kernel > most) {
            throw section.wrong(
                    "kernel",
                    "at most " + most + ", for pictures of " + image.height() + " × " + image.width() + " with padding "
                            + padding);
        }
        Window window = new Window(image.height(), image.width(), image.channels(), kernel, kernel, stride, padding);
        if ((long) window.positions() * channels * pieces > Integer.MAX_VALUE
                || (long) window.patch() * channels * pieces > Integer.MAX_VALUE) {
            throw section.wrong("channels", "fewer: units and weights are to be less than 2^31");
        }
        return new Convolution(window, image.order(), channels * pieces);
    }

    @Override
    public int units() {
        return window.positions() * channels;
    }

    @Override
    public FeatureShape shape() {
        return FeatureShape.maps(window.outHeight(), window.outWidth(), channels);
    }

    @Override
    public int neighbours() {
        return channels;
    }

    @Override
    public String neighboursKey() {
        return "channels";
    }

    @Override
    public void declare(LayoutBuilder layout, int index, List<Integer> reach, double rateScale) {
        layout.add(Binding.segment(index, Affine.WEIGHTS), Segment.Role.WEIGHTS, window.patch(), channels, rateScale);
        layout.add(Binding.segment(index, Affine.BIASES), Segment.Role.BIASES, 1, channels, rateScale);
    }

    /** A number below is read at as many places of the window as it has. */
    @Override
    public double fanInAndOut(int rows, int columns) {
        return rows + (double) window.kernelHeight() * window.kernelWidth() * columns;
    }

    @Override
    public PreActivation bind(Binding binding) {
        return new ConvolutionProducts(this, binding);
    }

    @Override
    public void write(Map<String, Object> keys) {
        write(keys, 1);
    }

    /** @param pieces convolutions that a channel is made of */
    void write(Map<String, Object> keys, int pieces) {
        keys.put("type", TYPE);
        new FeatureShape(window.height(), window.width(), window.channels(), order).write(keys);
        keys.put("channels", channels / pieces);
        keys.put("kernel", window.kernelHeight());
        keys.put("stride", window.stride());
        keys.put("padding", window.padding());
    }
}
