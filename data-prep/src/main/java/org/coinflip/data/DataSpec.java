package org.coinflip.data;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coinflip.data.source.RawSource;
import org.coinflip.data.source.Source;
import org.coinflip.data.source.SourceType;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.table.MissingValues;
import org.coinflip.data.transform.TransformationFit;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.Scaling;

/**
 * The section {@code data { … }}, read and checked. Keys:
 *
 * <pre>{@code
 * source = digits | mnist | idx | csv | table | libsvm | matlab | prepared | sequences | synthetic
 * path = "…"                                              mnist (folder), csv (file, folder or pattern), libsvm (file), matlab, prepared (folder)
 * images, labels, test-images, test-labels = "…"          idx; the test files together or not at all; without
 *                                                         labels for networks that learn no classes
 * train, valid, test = "…", variable, label-variable      matlab; names of files in path, and of their variables
 * header = true, delimiter = ","                          csv
 * path, format = parquet, options { … }                   table; of Spark's readers
 * label-column = last, label-type = auto | numbers |      csv and table (label for last); columns by name or by index from 0; label
 *   names | values, id-column, weight-column, features = […],      none where there are none; see ColumnRules
 *   leave-out = […], categories = […], buckets = 0,
 *   holes = refuse | mean | median | { … }, hole-values = […]
 * features = N, labelled = true                           libsvm; where absent, the greatest index; labels may not count
 * classes = N                                             idx, csv, libsvm: labels are 0 … N − 1; where absent, the labels
 *                                                         that there are, 1, 2, 3 being classes 0, 1, 2
 * task = adding, steps = 100, examples = 12000, seed = 0  sequences
 * features = 784, classes = 10, seed = 0                  synthetic
 * split { train = 100000, valid = 10000, test = 10000 }   synthetic
 * split { train = N, valid = N, test = N, seed = 0,       all below: not prepared, not synthetic; see SplitSizes
 *         stratified = false, folds = K, fold = 0,        fold of folds in the place of test
 *         column | group | time = "…" }                   tables: by a column of theirs
 * class-weights = none | balanced | [ … ]                what classes count in training; see ClassWeights
 * scale = unit | standard | none                          see Scaling
 * binarise = none | threshold | bernoulli                 wants scale = unit
 * binarise { type = threshold, at = 0.5 }                 1 where the scaled feature is greater
 * binarise { type = bernoulli, seed = 0 }                 1 with the scaled feature's probability, drawn once
 * project = none | pca | rotation                         see ProjectionSpec
 * project { type = pca, components = N, rotate = false, seed = 0 }
 * }</pre>
 *
 * @param source where the examples come from
 * @param split sizes and seed of the split; absent for prepared and synthetic data
 * @param scale the scaling; absent for prepared and synthetic data
 * @param binarise what comes after scaling; absent for prepared and synthetic data
 * @param project the linear map that comes after scaling; absent for prepared and synthetic data
 * @param classWeights what classes count in training; none for prepared and synthetic data
 */
public record DataSpec(
        Source source,
        Optional<SplitSizes> split,
        Optional<Scaling> scale,
        Optional<Binarisation> binarise,
        Optional<ProjectionSpec> project,
        ClassWeights classWeights) {

    /**
     * Reads and finishes the section.
     *
     * @throws org.coinflip.model.error.UsageException where a key is unknown, missing or out of range
     */
    public static DataSpec read(Section section) {
        SourceType type = section.choice("source", SourceType.DIGITS);
        Source source = type.read(section);
        DataSpec spec = source instanceof RawSource raw
                ? readRaw(section, raw)
                : new DataSpec(
                        source,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ClassWeights.NONE);
        section.finish();
        return spec;
    }

    /** Reads what {@link #asConfig} of another has rendered. */
    public static DataSpec parse(String text) {
        return read(Section.root(ConfigFactory.parseString(text)));
    }

    private static DataSpec readRaw(Section section, RawSource source) {
        SplitSizes split = SplitSizes.read(section.section("split"), source);
        Scaling scale = section.choice("scale", Scaling.UNIT);
        Binarisation binarise = Binarisation.read(section.typed("binarise", null));
        if (binarise.applies() && scale != Scaling.UNIT) {
            throw section.wrong("scale", "unit: binarise = " + binarise.type() + " is of features in [0, 1]");
        }
        ProjectionSpec project = ProjectionSpec.read(section.typed("project", null));
        if (binarise.applies() && project.type() != ProjectionSpec.Type.NONE) {
            throw section.wrong("project", "none: features that become bits are not projected");
        }
        return new DataSpec(
                source,
                Optional.of(split),
                Optional.of(scale),
                Optional.of(binarise),
                Optional.of(project),
                ClassWeights.read(section));
    }

    /** How the transformation of a raw source is fitted. */
    TransformationFit fit() {
        MissingValues holes =
                source instanceof TableSource table ? table.rules().holes() : MissingValues.REFUSED;
        return new TransformationFit(holes, scale.orElseThrow(), binarise.orElseThrow(), project.orElseThrow());
    }

    /** The section as it is written, defaults included: {@link #read} of it is equal to this. */
    public Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("source", source.type().toString());
        keys.putAll(source.keys());
        split.ifPresent(sizes -> keys.put("split", sizes.asMap()));
        scale.ifPresent(scaling -> keys.put("scale", scaling.toString()));
        binarise.ifPresent(rule -> keys.put("binarise", rule.asMap()));
        project.ifPresent(rule -> keys.put("project", rule.asMap()));
        if (classWeights.apply()) {
            keys.put("class-weights", classWeights.write());
        }
        return keys;
    }

    /** The paths that are read, by their keys: {@code data.path}, {@code data.images} … */
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (String key : new String[] {"path", "images", "labels", "test-images", "test-labels"}) {
            Object path = source.keys().get(key);
            if (path != null) {
                inputs.put("data." + key, path.toString());
            }
        }
        return inputs;
    }

    /** {@link #asMap} as a configuration. */
    public Config asConfig() {
        return ConfigFactory.parseMap(asMap());
    }
}
