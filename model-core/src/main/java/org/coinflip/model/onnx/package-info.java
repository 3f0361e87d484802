/** Export of networks to ONNX files; the way in is {@link org.coinflip.Model#exportOnnx}. There is no import. */
package org.coinflip.model.onnx;
