package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/** {@code sweep.trial = drill}: fails for real, as {@code drill.fault} says, after {@code drill.seconds}. */
final class DrillProgram implements TrialProgram {
    private static final long serialVersionUID = 1L;

    private enum Fault {
        NONE,
        DIVERGES,
        THROWS,
        OUT_OF_MEMORY,
        STACK_OVERFLOW,
        NEVER_ENDS,
        IGNORES_INTERRUPTS,
        ENDS_ITS_PROCESS
    }

    private record Drill(Fault fault, double seconds, double value) {}

    @Override
    public void check(Section settings) {
        read(settings);
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
    public Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints) throws Exception {
        Drill drill = read(Section.root(settings));
        Thread.sleep(Math.round(1000 * drill.seconds));
        switch (drill.fault) {
            case NONE -> {}
            case DIVERGES -> throw new DivergenceException("the loss is NaN, expected a finite number: it is a drill");
            case THROWS -> throw new IllegalStateException("a drill\nof two lines");
            case OUT_OF_MEMORY -> exhaustMemory();
            case STACK_OVERFLOW -> descend(0);
            case NEVER_ENDS -> Thread.sleep(Long.MAX_VALUE);
            case IGNORES_INTERRUPTS -> spin();
            case ENDS_ITS_PROCESS -> Runtime.getRuntime().halt(1);
        }
        return Outcome.of(Map.of("value", drill.value));
    }

    private static Drill read(Section settings) {
        Section root = settings.allow("name", "seed", "output", "overwrite");
        Section section = root.section("drill");
        Drill drill = new Drill(
                section.choice("fault", Fault.NONE),
                section.number("seconds", 0, Range.NOT_NEGATIVE),
                section.number("value", 0, Range.FINITE));
        section.finish();
        root.finish();
        return drill;
    }

    private static void exhaustMemory() {
        List<long[]> all = new ArrayList<>();
        for (long length = 1; ; length++) {
            all.add(new long[Integer.MAX_VALUE - 8]);
        }
    }

    private static int descend(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : descend(depth + 1) + 1;
    }

    private static void spin() {
        while (System.nanoTime() != Long.MIN_VALUE) {
            Thread.onSpinWait();
        }
    }
}
