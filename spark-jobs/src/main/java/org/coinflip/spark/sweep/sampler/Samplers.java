package org.coinflip.spark.sweep.sampler;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Space;

/** The samplers by the names that sweep files use. */
public enum Samplers {
    RANDOM,
    GRID,
    SOBOL,
    TPE,
    CMA_ES,
    NSGA2,
    LIST;

    /** Those that run every option of a choice at each point. */
    private static final Set<Samplers> COMPARING = EnumSet.of(RANDOM, GRID, SOBOL);

    /** Where results say which of several configurations comes next, as many as this are tried at random first. */
    private static final int TPE_START = 10;

    private static final int TPE_CANDIDATES = 24;
    private static final double TPE_GOOD = 0.75;
    private static final int TPE_MOST_GOOD = 25;
    private static final double TPE_RANDOM = 0.1;
    /** How TPE proposes; greater by one where that is changed, for what it was told it does not propose to again. */
    private static final int TPE_PROPOSALS = 2;

    private static final int POPULATION = 24;

    /**
     * Reads the section {@code sampler}, which may be a name alone.
     *
     * @param compared the choice of which every option is run at each point, or null
     * @param base the experiment's values by path, for constraints
     */
    public static Sampler read(Section section, Space space, Axis compared, Map<String, Object> base, long seed) {
        Samplers type = section.choice("type", RANDOM);
        Admission admission = new Admission(space, base);
        if (space.axes().isEmpty() && type != LIST) {
            throw new UsageException("sweep.space: got no axis, expected at least one, such as"
                    + " space { training.updater.learning-rate { log-uniform = [1e-4, 1e-1] } }");
        }
        if (compared != null && !COMPARING.contains(type)) {
            throw new UsageException("sweep.compare: got " + compared.name() + " with sampler " + Section.name(type)
                    + ", expected grid, random or sobol");
        }
        Sampler sampler =
                switch (type) {
                    case RANDOM -> new CubeSampler(admission, CubeSampler.random(space, seed), compared);
                    case SOBOL -> new CubeSampler(
                            admission, new SobolPoints(space.axes().size(), seed), compared);
                    case GRID -> new GridSampler(admission);
                    case LIST -> new ListSampler(configurations(section));
                    case NSGA2 -> new NsgaSampler(
                            admission, section.integer("population", POPULATION, 4, 1 << 14), seed);
                    case TPE -> new TpeSampler(admission, tpe(section), seed);
                    case CMA_ES -> new CmaEsSampler(admission, seed);
                };
        section.finish();
        return sampler;
    }

    /**
     * A sampler before which some configurations are tried.
     *
     * @param given values by axis, of one configuration after another
     */
    public static Sampler first(
            List<Map<String, Object>> given, Sampler then, Space space, Map<String, Object> base, long seed) {
        return given.isEmpty() ? then : new FirstSampler(new Admission(space, base), given, then, seed);
    }

    /** What the proposals depend on: the section as it is written, and how a sampler proposes where that was changed once. */
    public static Map<String, Object> identity(Section section) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("sampler", section.config().root().unwrapped());
        if (section.choice("type", RANDOM) == TPE) {
            keys.put("proposals", TPE_PROPOSALS);
        }
        return keys;
    }

    private static TpeSampler.Settings tpe(Section section) {
        return new TpeSampler.Settings(
                section.integer("start", TPE_START, 2, 1 << 20),
                section.integer("candidates", TPE_CANDIDATES, 1, 1 << 16),
                section.number("good-part", TPE_GOOD, Range.POSITIVE),
                section.integer("most-good", TPE_MOST_GOOD, 1, 1 << 16),
                section.number("random-part", TPE_RANDOM, Range.BELOW_ONE));
    }

    private static List<? extends ConfigObject> configurations(Section section) {
        section.declare("configurations", ValueKind.SECTIONS);
        if (!section.has("configurations")) {
            throw section.wrong("configurations", "a list [ { key = value }, … ]");
        }
        return section.config().getList("configurations").stream()
                .map(value -> {
                    if (value.valueType() != ConfigValueType.OBJECT) {
                        throw section.wrong("configurations", "a list of sections [ { key = value }, … ]");
                    }
                    return (ConfigObject) value;
                })
                .toList();
    }
}
