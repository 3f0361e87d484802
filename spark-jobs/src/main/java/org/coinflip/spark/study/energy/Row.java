package org.coinflip.spark.study.energy;

import java.util.Locale;
import org.coinflip.model.energy.EarlyInference.Likeness;
import org.coinflip.model.settings.Section;

/**
 * A row of {@code early-inference.csv}.
 *
 * @param cell the network and the push
 * @param layer of 1 … N
 * @param time since the push
 * @param likeness of the displacement and the back-propagated error
 */
record Row(Cell cell, int layer, double time, Likeness likeness) {
    static final String HEADING = "depth,rho,beta,temperature,layer,time,cosine,norm_ratio\n";

    String csv() {
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%d,%s,%.9f,%.9f\n",
                cell.depth(),
                Section.name(cell.rho()),
                cell.beta(),
                cell.temperature(),
                layer,
                time,
                likeness.cosine(),
                likeness.ratio());
    }
}
