package org.coinflip.model.energy;

/** A rule for networks whose free state is the pass up, and whose gradient is a sum of products of {@link Contrast}. */
interface ForwardGradient extends EnergyGradient {
    @Override
    default boolean feedsForward() {
        return true;
    }

    @Override
    default boolean sumsProducts() {
        return true;
    }
}
