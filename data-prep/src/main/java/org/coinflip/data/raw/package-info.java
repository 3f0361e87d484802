/**
 * Examples as their source has them, before splitting and scaling, with labels, classes, ids and the keys that they are split by.
 *
 * <p>Begin at {@link org.coinflip.data.raw.RawData}, what a source was read into, and {@link org.coinflip.data.raw.RawExamples} in it. Who reads is in {@link org.coinflip.data.source}; after splitting and scaling they are
 * {@link org.coinflip.model.example.Examples}.
 */
package org.coinflip.data.raw;
