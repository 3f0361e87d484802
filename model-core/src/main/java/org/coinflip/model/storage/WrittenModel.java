package org.coinflip.model.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Section;

/** Writes a {@link StoredModel}. Apart from it, for whoever only reads one has no Jackson. */
final class WrittenModel {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private WrittenModel() {}

    static void write(StoredModel model, Folder folder) throws IOException {
        int length = model.network().layout().length();
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            bytes.putFloat(model.state().values().get(i));
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", StoredModel.FORMAT);
        description.put("minor", StoredModel.MINOR);
        description.put("network", model.network().spec().write().root().unwrapped());
        description.put("length", length);
        description.put("parameters", model.network().layout().parameters());
        description.put("parametersSha256", model.state().parametersSha256());
        description.put("stateSha256", Sha256.hex(bytes.array()));
        description.put("transformation", JSON.valueToTree(model.transformation()));
        description.put("evaluation", model.evaluation().write());
        description.put("arithmetic", Section.name(model.arithmetic()));
        description.put("seed", model.seed());
        folder.write(StoredModel.STATE, bytes.array());
        folder.write(
                StoredModel.DESCRIPTION,
                (JSON.writeValueAsString(Sealed.seal(description)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
