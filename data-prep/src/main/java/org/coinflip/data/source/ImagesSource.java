package org.coinflip.data.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.Picture;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * Pictures of PNG or JPEG in folders, a folder a class: {@code path/cat/1.png}. Ids count the pictures from 0, folders and the files in each in the order of their names; those of
 * {@code test-path} come after. Features are bytes, row by row from the top left; of colours the whole red picture, then green, then blue.
 *
 * @param path the folder, any Hadoop path
 * @param testPath the folder of the source's own test pictures, of the same classes
 * @param size rows and columns that pictures are scaled to, see {@code Picture.scaled}; absent where all have one size
 * @param colours 1, grey, or 3, to which pictures are converted; absent where all have the same
 * @param classes number of classes, where folders are numbers; absent where the folders that there are decide
 * @param isLabelled whether there is a folder for each class; otherwise pictures lie in {@code path} itself
 */
public record ImagesSource(
        String path,
        Optional<String> testPath,
        Optional<ImageShape> size,
        OptionalInt colours,
        OptionalInt classes,
        boolean isLabelled)
        implements RawSource {

    /** What pictures may be converted to. */
    enum Colour {
        GREY(1),
        RGB(3);

        private final int planes;

        Colour(int planes) {
            this.planes = planes;
        }
    }

    static ImagesSource read(Section section) {
        Optional<ImageShape> image = ImageShape.read(section);
        boolean isLabelled = section.flag("labelled", true);
        Optional<String> testPath = section.optionalText("test-path");
        if (!isLabelled && testPath.isPresent()) {
            throw section.wrong("test-path", "nothing: pictures without labels are not tested on");
        }
        return new ImagesSource(
                section.text("path"),
                testPath,
                image,
                section.optionalChoice("colour", Colour.class)
                        .map(colour -> OptionalInt.of(colour.planes))
                        .orElse(OptionalInt.empty()),
                ClassCount.read(section),
                isLabelled);
    }

    @Override
    public SourceType type() {
        return SourceType.IMAGES;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        testPath.ifPresent(folder -> keys.put("test-path", folder));
        size.ifPresent(shape -> {
            keys.put("rows", shape.rows());
            keys.put("columns", shape.columns());
        });
        colours.ifPresent(planes -> keys.put("colour", Section.name(planes == 1 ? Colour.GREY : Colour.RGB)));
        classes.ifPresent(count -> keys.put("classes", count));
        if (!isLabelled) {
            keys.put("labelled", false);
        }
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return testPath.isPresent();
    }

    @Override
    public RawData read(Configuration conf) {
        ImageFolder development = ImageFolder.list(path, this, conf);
        Optional<ImageFolder> test = testPath.map(folder -> ImageFolder.list(folder, this, conf));
        ImageFolder.Decoded decoded = development.first(conf);
        Picture.Form form = form(decoded.picture().form());
        Labels.Classes found =
                isLabelled ? Labels.classes(development.labels(test), classes, path) : Labels.Classes.UNLABELLED;
        ImageFolder.Read first = development.read(this, form, Optional.of(decoded), found, 0, conf);
        Optional<ImageFolder.Read> own = test.map(folder -> folder.read(
                this, form, Optional.empty(), found, first.examples().size(), conf));
        List<SourceFile> files = new ArrayList<>(first.files());
        own.ifPresent(read -> files.addAll(read.files()));
        return new RawData(
                "images",
                found.classes(),
                new Naming(List.of(), found.numbers(), found.names()),
                Optional.empty(),
                form.shape(),
                first.examples(),
                own.map(ImageFolder.Read::examples),
                files);
    }

    /** What pictures become: as the section says, else as the first of them is. */
    private Picture.Form form(Picture.Form first) {
        return new Picture.Form(
                size.map(ImageShape::rows).orElse(first.rows()),
                size.map(ImageShape::columns).orElse(first.columns()),
                colours.orElse(first.planes()));
    }

    /** Refuses what would be changed without having been asked for. */
    void requireForm(String file, Picture.Form got, Picture.Form expected) {
        boolean isOfSize = size.isPresent() || (got.rows() == expected.rows() && got.columns() == expected.columns());
        boolean isOfColours = colours.isPresent() || got.planes() == expected.planes();
        if (!isOfSize || !isOfColours) {
            throw new DataException(file + ": got a picture of " + got + ", expected " + expected
                    + " as the first one is: give "
                    + (isOfSize ? "data.colour to convert" : "data.rows and data.columns to scale") + " all of them");
        }
    }
}
