package org.coinflip.model.transform;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * The section {@code data.project}: {@code none}, {@code { type = pca, components = N, rotate = false, seed = 0 }} or
 * {@code { type = rotation, seed = 0 }}.
 *
 * @param type the rule
 * @param components principal components that are kept; 0 for all features
 * @param rotate whether they are then turned by a random rotation, so that none is a direction of its own
 * @param seed seed of the rotation
 */
public record ProjectionSpec(Type type, int components, boolean rotate, long seed) implements Serializable {
    /** The rules. */
    public enum Type {
        NONE,
        /** The directions of greatest variance in the training split, each with its variance. */
        PCA,
        /** A random rotation of all features about their mean. */
        ROTATION;

        @Override
        public String toString() {
            return Section.name(this);
        }
    }

    /** Features stay as they are. */
    public static final ProjectionSpec NONE = new ProjectionSpec(Type.NONE, 0, false, 0);

    /** Reads and finishes the section. */
    public static ProjectionSpec read(Section section) {
        Type type = section.choice("type", Type.NONE);
        ProjectionSpec spec =
                switch (type) {
                    case NONE -> NONE;
                    case PCA -> {
                        int components = section.integer("components", 1, Integer.MAX_VALUE);
                        boolean rotate = section.flag("rotate", false);
                        yield new ProjectionSpec(type, components, rotate, rotate ? section.wholeNumber("seed", 0) : 0);
                    }
                    case ROTATION -> new ProjectionSpec(type, 0, true, section.wholeNumber("seed", 0));
                };
        section.finish();
        return spec;
    }

    /** The section as it is written, with the keys of its type only. */
    public Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", type.toString());
        if (type == Type.PCA) {
            keys.put("components", components);
            keys.put("rotate", rotate);
        }
        if (rotate) {
            keys.put("seed", seed);
        }
        return keys;
    }
}
