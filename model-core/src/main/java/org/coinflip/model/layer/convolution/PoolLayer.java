package org.coinflip.model.layer.convolution;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.operation.FeatureMaps;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Pooling: every channel of the output is the greatest number or the mean of that channel over a window of the maps below. It has no
 * parameters; the gradient of a maximum goes to the number that it is, the first of equals. Windows that would reach over the maps are left out.
 *
 * @param window of the maps below
 * @param kind what is computed over the window
 */
public record PoolLayer(Window window, Kind kind) implements Layer {
    public static final String TYPE = "pool";
    public static final String GLOBAL_MEAN = "global-mean";

    /** What is computed over a window. */
    public enum Kind {
        /** The greatest number. */
        MAX,
        /** The mean. */
        MEAN
    }

    public static PoolLayer read(Section section, FeatureShape below) {
        FeatureShape image = image(section, below);
        int kernel = section.integer("kernel", 1, 1 << 12);
        int stride = section.integer("stride", kernel, 1, 1 << 12);
        if (kernel > Math.min(image.height(), image.width())) {
            throw section.wrong(
                    "kernel",
                    "at most " + Math.min(image.height(), image.width()) + ", for maps of " + image.height() + " × "
                            + image.width());
        }
        return new PoolLayer(window(image, kernel, kernel, stride), section.choice("kind", Kind.MAX));
    }

    /** The mean over the whole of each map: one number of each channel. */
    public static PoolLayer readGlobalMean(Section section, FeatureShape below) {
        FeatureShape image = image(section, below);
        return new PoolLayer(window(image, image.height(), image.width(), 1), Kind.MEAN);
    }

    private static FeatureShape image(Section section, FeatureShape below) {
        FeatureShape image = FeatureShape.read(section, below);
        if (image.order() != FeatureShape.Order.CHANNELS_LAST) {
            throw section.wrong(
                    "order",
                    "channels-last, as the maps of conv have it: pictures of data, which lie plane by plane, are for conv");
        }
        return image;
    }

    private static Window window(FeatureShape image, int kernelHeight, int kernelWidth, int stride) {
        return new Window(image.height(), image.width(), image.channels(), kernelHeight, kernelWidth, stride, 0);
    }

    private boolean isGlobalMean() {
        return kind == Kind.MEAN
                && window.kernelHeight() == window.height()
                && window.kernelWidth() == window.width()
                && window.stride() == 1;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", isGlobalMean() ? GLOBAL_MEAN : TYPE);
        FeatureShape.maps(window.height(), window.width(), window.channels()).write(keys);
        if (!isGlobalMean()) {
            keys.put("kind", Section.name(kind));
            keys.put("kernel", window.kernelHeight());
            keys.put("stride", window.stride());
        }
        return keys;
    }

    @Override
    public int outputs(int inputs) {
        return window.positions() * window.channels();
    }

    @Override
    public FeatureShape shape(FeatureShape below) {
        return FeatureShape.maps(window.outHeight(), window.outWidth(), window.channels());
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {}

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new PoolStage(binding);
    }

    private final class PoolStage extends Stage {
        private final Stage source;
        private final FeatureMaps kernels;

        PoolStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), window.positions() * window.channels()));
            source = binding.source();
            kernels = binding.backend().maps();
            if (source.gradient() != null) {
                requireGradient();
            }
        }

        @Override
        public int rows(PassContext context) {
            return source.rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            switch (kind) {
                case MAX -> kernels.maxPool(window, source.output(), rows, output());
                case MEAN -> kernels.meanPool(window, source.output(), rows, output());
            }
        }

        @Override
        public void backward(PassContext context) {
            if (gradient() == null) {
                return;
            }
            int rows = rows(context) * context.copies();
            float carry = source.claimGradient();
            Matrix below = source.gradient();
            switch (kind) {
                case MAX -> kernels.maxPoolGradient(window, source.output(), output(), gradient(), rows, carry, below);
                case MEAN -> kernels.meanPoolGradient(window, gradient(), rows, carry, below);
            }
        }

        @Override
        public void accumulate(PassContext context) {}
    }
}
