/** Units that read windows of a picture: convolution by matrix products, pooling, and which units a layer's units read ({@code Connectivity}). */
package org.coinflip.model.layer.convolution;
