package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/** {@code sweep.trial = nothing}: gives {@code point.x} back as {@code value}. */
final class NothingProgram implements TrialProgram {
    private static final long serialVersionUID = 1L;

    @Override
    public void check(Section settings) {
        x(settings);
    }

    @Override
    public Set<String> metrics() {
        return Set.of("value");
    }

    @Override
    public int epochs(Config settings) {
        return 1;
    }

    @Override
    public Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints) {
        return Outcome.of(Map.of("value", x(Section.root(settings))));
    }

    private static double x(Section settings) {
        Section root = settings.allow("name", "seed", "output", "overwrite");
        Section point = root.section("point");
        double x = point.number("x", 0, Range.FINITE);
        point.finish();
        root.finish();
        return x;
    }
}
