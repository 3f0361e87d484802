package org.coinflip.spark.sweep.space;

import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.DecimalNumber;
import org.coinflip.model.settings.DeclarationObserver;
import org.coinflip.model.settings.Section;

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
        return read(space, constraints, DeclarationObserver.NONE);
    }

    /**
     * Reads the section {@code space} and the list {@code constraints}.
     *
     * @param observer hears the keys of axes, as those of a section {@code space}
     */
    public static Space read(ConfigObject space, List<String> constraints, DeclarationObserver observer) {
        SpaceReader reader = new SpaceReader(observer);
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

    /** Names of the axes whose laws are uniform on a logarithmic scale. */
    public Set<String> logarithmic() {
        return axes.stream()
                .filter(axis -> axis.distribution().isLogarithmic())
                .map(Axis::name)
                .collect(Collectors.toSet());
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
        return at(new Template.Point(point, Map.of()));
    }

    /**
     * The configuration in which axes have given values.
     *
     * @param given values by axis, as numbers or text
     * @param otherwise coordinates for axes that are not given, not modified
     * @throws UsageException where a name is no axis, an axis is not there with the options given, or it has no such value
     */
    public Configuration at(Map<String, ?> given, double[] otherwise) {
        double[] coordinates = otherwise.clone();
        Map<String, Object> exact = new TreeMap<>();
        List<String> names = axes.stream().map(Axis::name).toList();
        given.forEach((name, value) -> {
            Axis axis = axis(name)
                    .orElseThrow(() -> new UsageException(
                            "got " + name + ", expected an axis of sweep.space" + Section.suggestion(name, names)));
            double coordinate = axis.distribution()
                    .coordinate(value)
                    .orElseThrow(() -> new UsageException(
                            name + ": got " + value + ", expected one of the values of the axis in sweep.space"));
            coordinates[axis.number()] = coordinate;
            Object rounded = axis.distribution().value(coordinate);
            exact.put(name, rounded instanceof Double ? (Object) DecimalNumber.parse(String.valueOf(value)) : rounded);
        });
        Configuration configuration = at(new Template.Point(coordinates, exact));
        given.keySet().forEach(name -> {
            if (!configuration.values().containsKey(name)) {
                throw new UsageException("got " + name
                        + ", which is there with another option only, expected axes of one configuration");
            }
        });
        return configuration;
    }

    private Configuration at(Template.Point place) {
        double[] point = place.coordinates();
        double[] active = point.clone();
        Map<String, Object> values = new TreeMap<>();
        for (Axis axis : axes) {
            if (axis.isActive(point)) {
                values.put(axis.name(), place.value(axis));
            } else {
                active[axis.number()] = Double.NaN;
            }
        }
        Map<String, Object> set = new TreeMap<>();
        settings.forEach((path, template) -> set.put(path, template.at(place)));
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
