/** Examples as Parquet files: their schema, a writer that takes a checksum, a reader that verifies every count. Begin at {@link org.coinflip.data.parquet.ExampleSchema}. The manifest beside them is {@code org.coinflip.data.Manifest}. */
package org.coinflip.data.parquet;
