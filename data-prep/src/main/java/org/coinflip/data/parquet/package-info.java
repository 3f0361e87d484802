/** Examples as Parquet files: their schema, writing with a checksum, reading with every count verified. */
package org.coinflip.data.parquet;
