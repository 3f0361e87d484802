/**
 * The library: what a program that trains and uses networks of stochastic neurons needs to see. A {@link org.coinflip.NetworkBuilder} gives
 * a {@link org.coinflip.model.network.NetworkSpec}, a {@link org.coinflip.Trainer} fits it to {@link org.coinflip.model.example.Examples},
 * and the {@link org.coinflip.Model} that comes of it predicts, evaluates, saves and loads. All are views of the specifications that experiment
 * files are read into: what one door writes the others read. Nothing here knows Spark or Hadoop.
 */
package org.coinflip;
