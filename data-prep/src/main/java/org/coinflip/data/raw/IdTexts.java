package org.coinflip.data.raw;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.storage.Sha256;

/**
 * What a table calls its examples. Where their ids are texts, an id is the first 64 bits of its text's SHA-256, so that order, draws and splits are a function of the text alone, and the
 * texts are kept here.
 */
public final class IdTexts implements Serializable {
    /** Of examples whose ids are numbers. */
    public static final IdTexts NONE = new IdTexts(List.of());

    private static final long serialVersionUID = 1L;

    /** Ascending. */
    private final long[] ids;

    private final String[] texts;

    /** Of examples whose ids all differ. */
    public IdTexts(List<String> all) {
        long[] theirs = all.stream().mapToLong(IdTexts::id).toArray();
        int[] order = Order.ascending(theirs.length, i -> theirs[i]);
        texts = Arrays.stream(order).mapToObj(all::get).toArray(String[]::new);
        ids = Arrays.stream(order).mapToLong(i -> theirs[i]).toArray();
    }

    /** The id of a text. */
    public static long id(String text) {
        return ByteBuffer.wrap(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /** Whether ids are numbers. */
    public boolean areNone() {
        return texts.length == 0;
    }

    /** What an example is called: its text, or the number itself. */
    public Object called(long id) {
        return areNone() ? (Object) id : texts[Arrays.binarySearch(ids, id)];
    }
}
