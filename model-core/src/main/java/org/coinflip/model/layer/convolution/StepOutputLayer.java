package org.coinflip.model.layer.convolution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.ReadOut;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;

/**
 * The top layer of a network that answers at every step of a sequence, or every position of maps: {@code y_t = x_t W + b}, x_t the numbers of step t below, all steps with the same
 * weights, and the objective on all of them. It is a convolution whose window is one step.
 *
 * @param convolution of a channel for each output of a step
 * @param objective what is minimised, of values
 * @param initial initial weights and biases, rate scale
 */
public record StepOutputLayer(Convolution convolution, Objective objective, Initial initial) implements ReadOut {
    /** The key of {@code { type = output }} that makes it one. */
    public static final String KEY = "per-step";

    /** @param below what it reads */
    public static StepOutputLayer read(Section section, FeatureShape below) {
        FeatureShape maps = FeatureShape.read(section, below);
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        int steps = maps.height() * maps.width();
        if ((long) steps * units > Integer.MAX_VALUE) {
            throw section.wrong("units", "at most " + Integer.MAX_VALUE / steps + " for " + steps + " steps");
        }
        Objective objective = section.choice("objective", Objective.STEP_CROSS_ENTROPY);
        if (!objective.isOfValues()) {
            throw section.wrong(
                    "objective",
                    Section.name(Objective.STEP_CROSS_ENTROPY)
                            + ", for a class at every step, or one of values, such as "
                            + Section.name(Objective.REGRESSION));
        }
        Window step = new Window(maps.height(), maps.width(), maps.channels(), 1, 1, 1, 0);
        return new StepOutputLayer(new Convolution(step, maps.order(), units), objective, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", OutputLayer.TYPE);
        keys.put(KEY, true);
        Window window = convolution.window();
        new FeatureShape(window.height(), window.width(), window.channels(), convolution.order()).write(keys);
        keys.put("units", convolution.channels());
        keys.put("objective", Section.name(objective));
        initial.write(keys);
        return keys;
    }

    @Override
    public int units() {
        return convolution.units();
    }

    @Override
    public int targets() {
        return objective.isOfSteps() ? convolution.window().positions() : units();
    }

    @Override
    public void check(int inputs, int classes) {
        requireValues(classes);
    }

    @Override
    public int uses() {
        return convolution.window().positions();
    }

    @Override
    public int outputs(int inputs) {
        return units();
    }

    @Override
    public FeatureShape shape(FeatureShape below) {
        return convolution.shape();
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        convolution.declare(layout, index, List.of(inputs), initial.rateScale());
    }

    @Override
    public double initialWeightBound(int inputs, int columns) {
        return initial.bound(convolution.fanInAndOut(inputs, columns));
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return OutputLayer.stage(binding, convolution.bind(binding), units(), objective);
    }
}
