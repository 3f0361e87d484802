package org.coinflip.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.LabelType;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.Picture;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;

/**
 * The pictures of a folder, in the order of their names. Names that begin with _ or . are no data.
 *
 * @param path the folder, for messages
 * @param groups folders and the files in them
 * @param labels one for each file
 */
record ImageFolder(String path, List<Group> groups, Labels labels) {
    /**
     * The pictures of one class, or all where there are no classes.
     *
     * @param folder where they are
     * @param files at least one
     */
    record Group(Path folder, List<Path> files) {}

    /**
     * Decoded pictures.
     *
     * @param examples one for each
     * @param files for each folder the bytes of its files together, and the checksum of the list that sha256sum prints of them
     */
    record Read(RawExamples examples, List<SourceFile> files) {}

    /** Lists a folder and the folders in it. */
    static ImageFolder list(String written, ImagesSource source, Configuration conf) {
        Path folder = StoredBytes.path(written);
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(folder, conf);
            List<Group> groups = new ArrayList<>();
            Labels.Builder labels = new Labels.Builder(LabelType.AUTO, source.classes(), 1);
            if (!source.isLabelled()) {
                groups.add(group(fileSystem, folder));
                return new ImageFolder(
                        written, groups, Labels.none(groups.get(0).files().size()));
            }
            for (FileStatus status : visible(fileSystem, folder)) {
                Path path = status.getPath();
                if (status.isDirectory()) {
                    Group group = group(fileSystem, path);
                    groups.add(group);
                    group.files()
                            .forEach(file -> labels.add(
                                    path.getName(),
                                    what -> new DataException(path
                                            + ": got a folder of this name, expected " + what
                                            + " for a name: rename it, or leave out data.classes")));
                } else if (isNamedAsPicture(path)) {
                    throw new DataException(
                            path + ": got a picture beside the folders of classes, expected each in the folder of"
                                    + " its class: move it, or give data.labelled = false where there are no classes");
                }
            }
            if (groups.isEmpty()) {
                throw new DataException(written + ": has no folder, expected one of pictures for each class: correct"
                        + " the path, or give data.labelled = false where there are no classes");
            }
            return new ImageFolder(written, List.copyOf(groups), labels.done());
        } catch (IOException e) {
            throw new DataException(
                    written + ": cannot be listed (" + StoredBytes.firstLine(e)
                            + "), expected a folder of pictures: check the path and the permissions",
                    e);
        }
    }

    private static Group group(FileSystem fileSystem, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus status : visible(fileSystem, folder)) {
            if (status.isDirectory()) {
                throw new DataException(status.getPath()
                        + ": got a folder among pictures, expected files: move it away, or its pictures up");
            }
            files.add(status.getPath());
        }
        if (files.isEmpty()) {
            throw new DataException(folder + ": has no file, expected pictures: remove the folder or fill it");
        }
        return new Group(folder, List.copyOf(files));
    }

    private static List<FileStatus> visible(FileSystem fileSystem, Path folder) throws IOException {
        if (!fileSystem.getFileStatus(folder).isDirectory()) {
            throw new DataException(folder + ": is a file, expected a folder of pictures: correct the path");
        }
        return Arrays.stream(fileSystem.listStatus(folder))
                .filter(status -> !status.getPath().getName().startsWith("_")
                        && !status.getPath().getName().startsWith("."))
                .sorted()
                .toList();
    }

    private static boolean isNamedAsPicture(Path file) {
        String name = file.getName().toLowerCase(Locale.ROOT);
        return Stream.of(".png", ".jpg", ".jpeg").anyMatch(name::endsWith);
    }

    /** The labels of these pictures, and of others. */
    List<Labels> labels(Optional<ImageFolder> others) {
        return Stream.concat(Stream.of(labels), others.stream().map(ImageFolder::labels))
                .toList();
    }

    /**
     * A picture.
     *
     * @param file as it is stored
     * @param picture what is in it
     */
    record Decoded(SourceFile file, Picture picture) {}

    /** The first picture. */
    Decoded first(Configuration conf) {
        return decode(groups.get(0).files().get(0), conf);
    }

    private static Decoded decode(Path file, Configuration conf) {
        byte[] content = StoredBytes.read(file, Picture.EXPECTED, conf);
        return new Decoded(
                new SourceFile(file.getName(), content.length, Sha256.hex(content)),
                Picture.decode(file.toString(), content));
    }

    /**
     * Decodes all, several at a time.
     *
     * @param first the first of them; empty where it is not decoded yet
     */
    Read read(
            ImagesSource source,
            Picture.Form form,
            Optional<Decoded> first,
            Labels.Classes classes,
            long firstId,
            Configuration conf) {
        List<Path> files =
                groups.stream().flatMap(group -> group.files().stream()).toList();
        HeapRoom.require(path, files.size(), form.width(), "give smaller data.rows and data.columns");
        byte[] pixels = new byte[files.size() * form.width()];
        SourceFile[] read = new SourceFile[files.size()];
        IntStream.range(0, read.length).parallel().forEach(i -> {
            Decoded one = i == 0 && first.isPresent() ? first.get() : decode(files.get(i), conf);
            read[i] = one.file();
            source.requireForm(files.get(i).toString(), one.picture().form(), form);
            System.arraycopy(one.picture().as(form).bytes(), 0, pixels, i * form.width(), form.width());
        });
        RawExamples examples = RawExamples.ofBytes(form.width(), firstId, classes.of(labels), pixels, 0xFF, path);
        return new Read(examples, summed(List.of(read)));
    }

    private List<SourceFile> summed(List<SourceFile> files) {
        List<SourceFile> sums = new ArrayList<>();
        int next = 0;
        for (Group group : groups) {
            List<SourceFile> some = files.subList(next, next + group.files().size());
            next += some.size();
            MessageDigest digest = Sha256.digest();
            some.forEach(file -> digest.update((file.sha256() + "  " + file.name() + "\n").getBytes(UTF_8)));
            long bytes = some.stream().mapToLong(SourceFile::bytes).sum();
            sums.add(new SourceFile(group.folder().getName(), bytes, Sha256.hex(digest)));
        }
        return sums;
    }
}
