package org.coinflip.spark.sweep.space;

import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A search space: axes over keys of the experiment. Written as the experiment is, with axes in the places of values:
 *
 * <pre>{@code
 * space {
 *   training.updater.learning-rate { log-uniform = [1e-4, 1e-1] }
 *   training.batch = [16, 32, 64]                                    a list at the top is a choice
 *   network.layers.stochastic.estimator { choice = [
 *     reinforce
 *     { type = straight-through-concrete, temperature { uniform = [0.2, 2] } }    there with this option only
 *   ] }
 * }
 * }</pre>
 *
 * <p>In a path, an element of a list of sections is named by its place, or all of a type by the type. Immutable.
 */
public final class Space {
    private final List<Axis> axes;
    private final Map<String, Template> settings;
    private final List<Constraint> constraints;

    private Space(List<Axis> axes, Map<String, Template> settings, List<Constraint> constraints) {
        this.axes = List.copyOf(axes);
        this.settings = settings;
        this.constraints = constraints;
    }

    /** Reads the section {@code space} and the list {@code constraints}. */
    public static Space read(ConfigObject space, List<String> constraints) {
        SpaceReader reader = new SpaceReader();
        reader.read(space, "");
        return new Space(
                reader.axes(),
                reader.settings(),
                constraints.stream().map(Constraint::parse).toList());
    }

    /** All axes, conditional ones too, in the order of the coordinates; a choice comes before the axes in its options. */
    public List<Axis> axes() {
        return axes;
    }

    public Optional<Axis> axis(String name) {
        return axes.stream().filter(axis -> axis.name().equals(name)).findFirst();
    }

    public List<Constraint> constraints() {
        return constraints;
    }

    /**
     * The configuration at a point.
     *
     * @param point a coordinate in [0, 1] for every axis, not modified
     */
    public Configuration at(double[] point) {
        double[] active = point.clone();
        Map<String, Object> values = new TreeMap<>();
        for (Axis axis : axes) {
            if (axis.isActive(point)) {
                values.put(axis.name(), axis.distribution().value(point[axis.number()]));
            } else {
                active[axis.number()] = Double.NaN;
            }
        }
        Map<String, Object> set = new TreeMap<>();
        settings.forEach((path, template) -> set.put(path, template.at(point)));
        return new Configuration(active, values, set);
    }

    /**
     * Whether a configuration keeps all constraints; one that speaks of an axis that is not there is kept.
     *
     * @param base the experiment's own values, for names that are no axes
     */
    public boolean allows(Configuration configuration, Map<String, Object> base) {
        return constraints.stream()
                .allMatch(constraint -> constraint.holds(name -> {
                    Object value = configuration.values().get(name);
                    return value != null || axis(name).isPresent() ? value : base.get(name);
                }));
    }
}
