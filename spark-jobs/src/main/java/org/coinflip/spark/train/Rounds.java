package org.coinflip.spark.train;

/** Where rounds are run; the bits of their results are the same wherever this project's engine runs them. */
interface Rounds extends AutoCloseable {
    /** Runs a round; on divergence the state stays as it was. */
    Round run(int round);

    /** The state after the last round that did not diverge. */
    StateVector state();

    @Override
    void close();
}
