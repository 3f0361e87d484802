/** Networks as files of the Open Neural Network Exchange. */
package org.coinflip.model.onnx;
