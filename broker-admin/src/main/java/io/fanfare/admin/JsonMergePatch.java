package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.frame.Utf8;
import io.fanfare.options.MergePatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Differences of JSON objects with Jackson, for {@code .topics(t -> t.mergePatch(new JsonMergePatch()))}. A member that
 * has changed from one object to another is patched in turn; an array that has changed is there as a whole; a member that is
 * new or not the same any more and holds a null has no patch, because null means removal there (RFC 7396 section 1).
 */
public final class JsonMergePatch implements MergePatch {

    /** Made by the first patch: a broker starts with this class, and Jackson takes a tenth of a start. */
    private static final class Mapper {

        static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                        // names come from clients: each would be kept for good
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .build())
                // what is more than one value is no JSON, and a receiver finds that
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // receivers differ in which of two members of a name counts
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                // a receiver may read more digits than a double has, or larger numbers
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();

        /**
         * Reads UTF-8 alone, as receivers do: the library would find out that octets are UTF-16, and leave out a byte order
         * mark.
         */
        static JsonNode read(byte[] json) throws IOException {
            if (!Utf8.isValid(json)) {
                throw new JsonParseException(null, "not UTF-8");
            }
            return JSON.readTree(new String(json, UTF_8));
        }
    }

    @Override
    public byte @Nullable [] diff(byte[] before, byte[] after) {
        try {
            if (Mapper.read(before) instanceof ObjectNode from && Mapper.read(after) instanceof ObjectNode to) {
                ObjectNode patch = diff(from, to);
                return patch == null ? null : Mapper.JSON.writeValueAsBytes(patch);
            }
            return null;
        } catch (IOException e) {
            // no JSON: the message comes as it is
            return null;
        }
    }

    /**
     * Applies a patch, for {@code LiveOptions.builder().mergePatch(JsonMergePatch::apply)} (RFC 7396 section 2).
     *
     * @param target JSON in UTF-8
     * @param patch JSON in UTF-8
     * @return the JSON that the patch makes of the target, in UTF-8
     * @throws UncheckedIOException when one of them is no JSON
     */
    public static byte[] apply(byte[] target, byte[] patch) {
        try {
            return Mapper.JSON.writeValueAsBytes(apply(Mapper.read(target), Mapper.read(patch)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode apply(@Nullable JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                result.set(member.getKey(), apply(result.get(member.getKey()), member.getValue()));
            }
        }
        return result;
    }

    private static @Nullable ObjectNode diff(ObjectNode before, ObjectNode after) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!after.has(name)) {
                patch.putNull(name);
            }
        }
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            JsonNode old = before.get(member.getKey());
            JsonNode now = member.getValue();
            if (now.equals(old)) {
                continue;
            }
            JsonNode change =
                    old instanceof ObjectNode from && now instanceof ObjectNode to ? diff(from, to) : said(now);
            if (change == null) {
                return null;
            }
            patch.set(member.getKey(), change);
        }
        return patch;
    }

    /** The value as a patch sets it; null: it can't, for it would take a null in an object for a removal. */
    private static @Nullable JsonNode said(JsonNode value) {
        return value.isNull() || (value.isObject() && holdsNull(value)) ? null : value;
    }

    /** Whether an object holds a null in itself or in objects in it; in arrays nulls are values. */
    private static boolean holdsNull(JsonNode object) {
        for (JsonNode member : object) {
            if (member.isNull() || (member.isObject() && holdsNull(member))) {
                return true;
            }
        }
        return false;
    }
}
