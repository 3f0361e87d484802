package org.coinflip.spark.sweep.scheduler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@link SuccessiveHalving} of the configurations of each value of an axis by themselves, so that every value has the same search. */
final class HalvingWithin implements Scheduler {
    private final int[] epochs;
    private final double factor;
    private final String axis;
    private final Map<Integer, SuccessiveHalving> byConfiguration = new HashMap<>();
    private final Map<String, SuccessiveHalving> byValue = new LinkedHashMap<>();

    /**
     * Of no configuration yet.
     *
     * @param epochs at each rung, ascending
     * @param factor η, above 1
     * @param axis the axis whose values are searched
     */
    HalvingWithin(int[] epochs, double factor, String axis) {
        this.epochs = epochs;
        this.factor = factor;
        this.axis = axis;
    }

    @Override
    public int[] rungs() {
        return epochs.clone();
    }

    @Override
    public void begun(int configuration, Map<String, Object> values) {
        String value = String.valueOf(values.get(axis));
        byConfiguration.put(
                configuration, byValue.computeIfAbsent(value, v -> new SuccessiveHalving(epochs, factor, 0)));
    }

    @Override
    public Optional<Step> next(int started, boolean more) {
        if (more) {
            return Optional.of(Step.begin(started, 0));
        }
        return byValue.values().stream()
                .map(halving -> halving.next(started, false))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public void taken(Step step) {
        byConfiguration.get(step.configuration()).taken(step);
    }

    @Override
    public void observe(Step step, double value) {
        byConfiguration.get(step.configuration()).observe(step, value);
    }
}
