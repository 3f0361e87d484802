/**
 * What a layer is: its specification ({@link org.coinflip.model.layer.Layer}) and the stage that computes it ({@link org.coinflip.model.layer.Stage}), made from a
 * {@link org.coinflip.model.layer.Binding} to a state; dense, transformed and output layers, and the affine map and the noise that most others have.
 *
 * <p>Other layers are in packages by kind: {@code plain}, {@code stochastic}, {@code convolution}, {@code recurrent}, {@code experts} and {@code energy}; their names in experiment files are
 * {@code registry.Layers}'. Nothing here knows networks or estimators.
 */
package org.coinflip.model.layer;
