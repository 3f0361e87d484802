package org.coinflip.model.energy;

/** Which layers take a step of a {@link Relaxation} at once; the others have to wait, and see where those went. */
public enum RelaxationOrder {
    /** All, by Euler steps of the dynamics in time. */
    SYNCHRONOUS(1),
    /**
     * Every second one, then those between, so that each step descends on the energy given the other layers, which are not connected among themselves:
     * block Gauss–Seidel. With ε = 1 and clipped rates a step takes a layer to its minimum.
     */
    LAYERS(2);

    /** How many sets the layers are parted into; those of one are so many apart. */
    private final int sets;

    RelaxationOrder(int sets) {
        this.sets = sets;
    }

    int sets() {
        return sets;
    }
}
