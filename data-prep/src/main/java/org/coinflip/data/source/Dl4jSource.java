package org.coinflip.data.source;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.LabelType;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.FileList;
import org.coinflip.data.source.file.Nd4jArray;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * Files that {@code DataSet.save} of ND4J wrote: one, a folder of them, or those that match a pattern, in the order of their names. Ids count the examples from 0. Features have the shape
 * [n, width], or of pictures [n, planes, rows, columns]. Labels that are one-hot are classes, any others are values.
 *
 * @param path any Hadoop path, or a pattern
 * @param labelType {@code auto}, or {@code values} where one-hot labels are values too
 * @param isLabelled whether labels count
 */
public record Dl4jSource(String path, LabelType labelType, boolean isLabelled) implements RawSource {
    private static final String EXPECTED = "a file that DataSet.save of ND4J wrote";
    private static final int FEATURES = 1;
    private static final int LABELS = 1 << 1;
    /** Labels that are the features, masks, names of examples. */
    private static final Map<Integer, String> OTHERS =
            Map.of(1 << 2, "labels that are the features", 1 << 3, "a mask of features", 1 << 4, "a mask of labels");

    static Dl4jSource read(Section section) {
        LabelType type = section.choice("label-type", LabelType.AUTO);
        if (type != LabelType.AUTO && type != LabelType.VALUES) {
            throw section.wrong("label-type", "auto or values: what is one-hot has no other names");
        }
        return new Dl4jSource(section.text("path"), type, section.flag("labelled", true));
    }

    @Override
    public SourceType type() {
        return SourceType.DL4J;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        if (labelType != LabelType.AUTO) {
            keys.put("label-type", Section.name(labelType));
        }
        if (!isLabelled) {
            keys.put("labelled", false);
        }
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    /** The arrays of one file. */
    private record Block(Nd4jArray features, Nd4jArray labels) {
        int size() {
            return (int) features.shape()[0];
        }
    }

    @Override
    public RawData read(Configuration conf) {
        List<Block> blocks = new ArrayList<>();
        List<SourceFile> files = new ArrayList<>();
        for (Path file : FileList.ofBinary(path, EXPECTED, conf)) {
            SourceContent content = SourceContent.read(file.toString(), EXPECTED, conf);
            blocks.add(block(content));
            files.add(content.file());
            requireAlike(file, blocks.get(0), blocks.get(blocks.size() - 1));
        }
        int size = blocks.stream().mapToInt(Block::size).sum();
        long[] shape = blocks.get(0).features().shape();
        int width = blocks.get(0).features().numbers().length / blocks.get(0).size();
        HeapRoom.require(path, size, width, "prepare them in parts");
        int outputs = isLabelled ? (int) blocks.get(0).labels().shape()[1] : 0;
        float[] labels = joined(blocks.stream()
                .map(block -> isLabelled ? block.labels().numbers() : new float[0])
                .toList());
        boolean areClasses = isLabelled && labelType == LabelType.AUTO && outputs > 1 && areOneHot(labels, outputs);
        int[] classes = new int[size];
        Arrays.fill(classes, Examples.UNLABELLED);
        for (int k = 0; areClasses && k < labels.length; k++) {
            if (labels[k] == 1) {
                classes[k / outputs] = k % outputs;
            }
        }
        RawExamples examples = RawExamples.ofFloats(
                width,
                0,
                classes,
                joined(blocks.stream().map(block -> block.features().numbers()).toList()));
        List<String> names = isLabelled && !areClasses && outputs > 1
                ? IntStream.range(0, outputs).mapToObj(String::valueOf).toList()
                : List.of();
        return new RawData(
                "dl4j",
                areClasses ? outputs : 0,
                new Naming(List.of(), List.of(), names),
                Optional.empty(),
                shape.length == 4 ? new ImageShape((int) shape[2], (int) shape[3], (int) shape[1]) : ImageShape.NONE,
                isLabelled && !areClasses ? examples.withValues(outputs, labels) : examples,
                Optional.empty(),
                files);
    }

    private Block block(SourceContent content) {
        ByteBuffer file = ByteBuffer.wrap(content.bytes());
        int holds = file.get();
        OTHERS.forEach((bit, what) -> {
            if ((holds & bit) != 0) {
                throw new DataException(content.path() + ": has " + what
                        + ", expected features and labels of examples: save it without");
            }
        });
        if ((holds & FEATURES) == 0 || (isLabelled && (holds & LABELS) == 0)) {
            throw new DataException(content.path() + ": has no " + ((holds & FEATURES) == 0 ? "features" : "labels")
                    + ", expected " + EXPECTED + ": correct the path, or give data.labelled = false");
        }
        Nd4jArray features = Nd4jArray.read(file, content.path());
        int rank = features.shape().length;
        if ((rank != 2 && rank != 4) || features.numbers().length == 0) {
            throw new DataException(content.path() + ": got features of the shape " + Arrays.toString(features.shape())
                    + ", expected [examples, features] or [examples, planes, rows, columns]: reshape them");
        }
        Nd4jArray labels = isLabelled ? Nd4jArray.read(file, content.path()) : null;
        if (isLabelled
                && (labels.shape().length != 2 || labels.shape()[0] != features.shape()[0] || labels.shape()[1] == 0)) {
            throw new DataException(content.path() + ": got labels of the shape " + Arrays.toString(labels.shape())
                    + ", expected [" + features.shape()[0] + ", classes] or as many values: reshape them");
        }
        return new Block(features, labels);
    }

    private static void requireAlike(Path file, Block first, Block next) {
        boolean areAlike = Arrays.equals(
                        next.features().shape(),
                        1,
                        next.features().shape().length,
                        first.features().shape(),
                        1,
                        first.features().shape().length)
                && (first.labels() == null
                        || first.labels().shape()[1] == next.labels().shape()[1]);
        if (!areAlike) {
            throw new DataException(file + ": got features or labels of the shape of another file's, each example "
                    + Arrays.toString(next.features().shape()) + ", expected all files alike: save them again");
        }
    }

    private static boolean areOneHot(float[] labels, int outputs) {
        for (int start = 0; start < labels.length; start += outputs) {
            float sum = 0;
            for (int j = 0; j < outputs; j++) {
                if (labels[start + j] != 0 && labels[start + j] != 1) {
                    return false;
                }
                sum += labels[start + j];
            }
            if (sum != 1) {
                return false;
            }
        }
        return true;
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
