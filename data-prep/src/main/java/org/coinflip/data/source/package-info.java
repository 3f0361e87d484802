/**
 * Data formats, one class each: the digits that come along, MNIST, IDX, CIFAR, pictures, CSV, LIBSVM, ND4J's {@code DataSet}s, MAT-files, tables of Spark, prepared data, text, sequences and synthetic data.
 *
 * <p>Begin at {@link org.coinflip.data.source.SourceType}, the values of {@code data.source}; a new format is a class and a line there. Most read everything, checked, into {@link
 * org.coinflip.data.raw.RawData}; prepared data, text, sequences and synthetic data come a shard at a time. What a table's columns mean is in {@link org.coinflip.data.table}; splits and scaling are {@link org.coinflip.data}'s.
 */
package org.coinflip.data.source;
