package org.coinflip;

import java.util.Optional;
import org.coinflip.model.training.Score;

/**
 * What a listener is told when an epoch is done.
 *
 * @param number epochs done, 1 and up
 * @param of epochs of the training
 * @param trainLoss mean loss of the epoch's examples, each before the step that it was in
 * @param valid score of the validation examples, where there are any
 */
public record Epoch(int number, int of, double trainLoss, Optional<Score> valid) {}
