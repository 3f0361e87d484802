package org.coinflip.spark.sweep.sampler;

import java.util.List;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * NSGA-II in its steady state: every proposal is the child of two members of the {@link Elite}, each the better of two that are drawn. Children inherit each
 * number by simulated binary crossover (η = 15) with probability 0.9, else that of a parent, and each option from either parent; then one gene in d, on average,
 * mutates: a number polynomially (η = 20), an option to any. Until the elite is full, configurations are random.
 *
 * <p>Deb, Pratap, Agarwal, Meyarivan (2002), "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II"; Deb, Agrawal (1995), "Simulated Binary Crossover
 * for Continuous Search Space"; steady state after Durillo, Nebro, Luna, Alba (2009), "On the Effect of the Steady-State Selection Scheme in Multi-Objective
 * Genetic Algorithms". Children are a function of seed, number and results.
 */
final class NsgaSampler extends LearningSampler {
    private static final int PURPOSE = 1 << 23;
    private static final int PARENTS = 0;
    private static final int CROSSOVER = 1;
    private static final int MUTATION = 2;
    private static final int FILL = 3;
    private static final double CROSSOVER_PART = 0.9;
    private static final double ETA_CROSSOVER = 15;
    private static final double ETA_MUTATION = 20;

    private final List<Axis> axes;
    private final int population;
    private final Elite elite;
    private int seen;

    /** @param population members of the elite */
    NsgaSampler(Admission admission, int population, long seed) {
        super(admission, seed);
        this.axes = admission.space().axes();
        this.population = population;
        this.elite = new Elite(population);
    }

    @Override
    public boolean weighsObjectives() {
        return true;
    }

    @Override
    public void observe(Configuration configuration, Measured measured, int resource) {
        double[] genes = configuration.point().clone();
        for (int d = 0; d < genes.length; d++) {
            genes[d] = Double.isNaN(genes[d]) ? uniform(FILL, d, seen, 0) : genes[d];
        }
        seen++;
        elite.add(genes, measured);
    }

    private double uniform(int part, int axis, long number, int draw) {
        return uniforms.at(PURPOSE + 4 * axis + part, number, draw);
    }

    @Override
    public Configuration configuration(int number) {
        if (elite.members().size() < population) {
            return random.configuration(number);
        }
        for (int attempt = 0; attempt < Admission.TRIES; attempt++) {
            Configuration child = admission.space().at(child(number, attempt));
            if (admission.allows(child)) {
                return child;
            }
        }
        return random.configuration(number);
    }

    private double[] child(int number, int attempt) {
        double[] mother = parent(number, 4 * attempt);
        double[] father = parent(number, 4 * attempt + 2);
        boolean crosses = uniform(PARENTS, 1, number, attempt) < CROSSOVER_PART;
        double[] child = new double[axes.size()];
        for (Axis axis : axes) {
            int d = axis.number();
            double u = uniform(CROSSOVER, d, number, 2 * attempt);
            boolean ofMother = uniform(CROSSOVER, d, number, 2 * attempt + 1) < 0.5;
            double own = ofMother ? mother[d] : father[d];
            double other = ofMother ? father[d] : mother[d];
            child[d] = crosses && axis.options() == 0 ? crossed(own, other, u) : crosses ? own : mother[d];
            double v = uniform(MUTATION, d, number, 2 * attempt);
            if (uniform(MUTATION, d, number, 2 * attempt + 1) * axes.size() < 1) {
                child[d] = axis.options() > 0 ? v : mutated(child[d], v);
            }
        }
        return child;
    }

    /** The better of two that are drawn. */
    private double[] parent(int number, int draw) {
        int one = (int) (uniform(PARENTS, 0, number, draw) * population);
        int other = (int) (uniform(PARENTS, 0, number, draw + 1) * population);
        return elite.members().get(Math.min(one, other)).genes();
    }

    /** {@code ½ ((1 + β) x + (1 − β) y)}, β of the density that children of binary strings have, inside [0, 1]. */
    static double crossed(double x, double y, double u) {
        double power = 1 / (ETA_CROSSOVER + 1);
        double beta = u < 0.5 ? StrictMath.pow(2 * u, power) : StrictMath.pow(1 / (2 * (1 - u)), power);
        return Math.min(1, Math.max(0, 0.5 * ((1 + beta) * x + (1 - beta) * y)));
    }

    /** Moved by up to the distance to 0 or 1, mostly by little. */
    static double mutated(double x, double u) {
        double power = 1 / (ETA_MUTATION + 1);
        double moved = u < 0.5
                ? x + (StrictMath.pow(2 * u, power) - 1) * x
                : x + (1 - StrictMath.pow(2 * (1 - u), power)) * (1 - x);
        return Math.min(1, Math.max(0, moved));
    }
}
