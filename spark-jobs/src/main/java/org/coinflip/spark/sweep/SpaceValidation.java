package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.data.Description;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Overlay;

/**
 * Validates the search space before the sweep starts, on some configurations drawn from it: an axis over a key that does not exist, or an option that cannot be
 * read, is refused in a line instead of failing every trial. A combination that cannot be is no reason to refuse: it becomes a failed row.
 */
final class SpaceValidation {
    private static final int LOOKS = 64;
    /** Failures of a value, with no success, that show that it is to blame. */
    private static final int ENOUGH = 3;

    private final SweepSpec spec;
    private final Optional<Description> data;
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();

    /** @param data that trials have whose axes are none of data; absent where they need none */
    SpaceValidation(SweepSpec spec, Optional<Description> data) {
        this.spec = spec;
        this.data = data;
    }

    /** @throws UsageException where all configurations fail, or all that have some axis or option */
    void check(Sampler sampler) {
        long size = Math.min(sampler.size(), LOOKS);
        long all = sampler.size() == Long.MAX_VALUE ? size : sampler.size();
        int failed = 0;
        UsageException first = null;
        for (int i = 0; i < size; i++) {
            Configuration configuration = sampler.configuration((int) (i * all / size));
            String reason = null;
            try {
                check(configuration.settings());
            } catch (UsageException e) {
                reason = e.getMessage();
                first = first == null ? e : first;
                failed++;
            }
            note(configuration, reason);
        }
        if (failed == size) {
            throw first;
        }
        failures.forEach((value, count) -> {
            if (count >= ENOUGH) {
                throw new UsageException("sweep.space: " + value + ": " + reasons.get(value));
            }
        });
    }

    private void check(Map<String, Object> settings) {
        Config whole = Overlay.apply(spec.base(), settings);
        boolean otherData = settings.keySet().stream().anyMatch(key -> key.equals("data") || key.startsWith("data."));
        if (data.isPresent() && !otherData) {
            spec.program().program().check(whole, data.get());
            spec.program()
                    .program()
                    .checkMetrics(whole, data.get(), spec.goals().names());
        } else {
            spec.program().program().check(whole);
        }
        if (spec.scheduler().rungs().length > 1) {
            spec.program().program().checkParts(whole);
        }
    }

    /** Counts failures of every axis and every option; one success clears it for good. */
    private void note(Configuration configuration, String reason) {
        configuration.values().forEach((axis, value) -> {
            count("axis " + axis, reason);
            if (spec.space().axis(axis).map(Axis::options).orElse(0) > 0) {
                count("axis " + axis + ", option " + value, reason);
            }
        });
    }

    private void count(String value, String reason) {
        if (reason == null) {
            failures.put(value, Integer.MIN_VALUE / 2);
        } else {
            failures.merge(value, 1, Integer::sum);
            reasons.putIfAbsent(value, reason);
        }
    }
}
