package org.coinflip.data.source;

import org.coinflip.model.settings.Section;

/** The values of {@code data.source}. A new source is one class, one constant and one line here. */
public enum SourceType {
    /** 1797 handwritten digits of 8 × 8 pixels that this module brings along. */
    DIGITS,
    /** A folder with the four original files of MNIST, or of a data set in its form. */
    MNIST,
    /** Any pair of IDX files, images and labels, or images alone. */
    IDX,
    /** A folder with the binary files of CIFAR-10 or CIFAR-100. */
    CIFAR,
    /** Pictures of PNG or JPEG, a folder a class. */
    IMAGES,
    /** A table as text. */
    CSV,
    /** A table in any form that Spark reads. */
    TABLE,
    /** Lines of a label and the features that are not 0, as LIBSVM has them. */
    LIBSVM,
    /** Files that {@code DataSet.save} of ND4J wrote. */
    DL4J,
    /** A folder of MAT-files of matrices, examples × features. */
    MATLAB,
    /** A folder that {@code prepare} wrote. */
    PREPARED,
    /** Sequences whose answer lies many steps back. */
    SEQUENCES,
    /** Text, to learn which character comes next. */
    TEXT,
    /** Random examples of any number, labelled by a random linear teacher. */
    SYNTHETIC;

    /** Reads this source's own keys. */
    public Source read(Section section) {
        return switch (this) {
            case DIGITS -> new DigitsSource();
            case MNIST -> MnistSource.read(section);
            case IDX -> IdxSource.read(section);
            case CIFAR -> CifarSource.read(section);
            case IMAGES -> ImagesSource.read(section);
            case CSV -> CsvSource.read(section);
            case TABLE -> StoredTable.read(section);
            case LIBSVM -> LibsvmSource.read(section);
            case DL4J -> Dl4jSource.read(section);
            case MATLAB -> MatlabSource.read(section);
            case PREPARED -> PreparedSource.read(section);
            case SEQUENCES -> SequencesSource.read(section);
            case TEXT -> TextSource.read(section);
            case SYNTHETIC -> SyntheticSource.read(section);
        };
    }

    /** As it is written in an experiment file. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
