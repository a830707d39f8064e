import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the annotations from the components of records in a folder of compiled classes. A JVM that runs does not take a
 * changed record from Pitest while its components have any (Pitest's issue 1285): each change would count as noticed,
 * though no test has run.
 */
final class Records {

    private static final int UTF8 = 1;

    /** Bytes of the constants of each tag (JVMS 4.4), their tag not among them; 0: there is none, or {@link #UTF8}. */
    private static final int[] CONSTANT_BYTES = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    private final ByteBuffer in;
    private final ByteBuffer out;
    private final String[] texts;

    private Records(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
        this.out = ByteBuffer.allocate(bytes.length);
        this.texts = texts();
    }

    public static void main(String[] args) throws IOException {
        List<Path> classes;
        try (Stream<Path> all = Files.walk(Path.of(args[0]))) {
            classes = all.filter(each -> each.toString().endsWith(".class")).toList();
        }
        for (Path each : classes) {
            byte[] before = Files.readAllBytes(each);
            byte[] after = new Records(before).withoutAnnotations();
            if (after.length != before.length) {
                Files.write(each, after);
            }
        }
    }

    /** The constants that are text; the buffer stands behind all constants then (JVMS 4.1). */
    private String[] texts() {
        in.position(8);
        String[] found = new String[in.getShort() & 0xffff];
        for (int i = 1; i < found.length; i++) {
            int tag = in.get();
            if (tag == UTF8) {
                byte[] text = new byte[in.getShort() & 0xffff];
                in.get(text);
                found[i] = new String(text, StandardCharsets.ISO_8859_1);
            } else {
                skip(CONSTANT_BYTES[tag]);
                // JVMS 4.4.5: a long or a double takes two entries
                i += CONSTANT_BYTES[tag] == 8 ? 1 : 0;
            }
        }
        return found;
    }

    private byte[] withoutAnnotations() {
        skip(6);
        skip(2 * (in.getShort() & 0xffff));
        skipMembers();
        skipMembers();
        out.put(in.array(), 0, in.position());
        int attributes = in.getShort() & 0xffff;
        out.putShort((short) attributes);
        for (int i = 0; i < attributes; i++) {
            int start = in.position();
            boolean isRecord = "Record".equals(texts[in.getShort() & 0xffff]);
            int length = in.getInt();
            if (isRecord) {
                out.put(in.array(), start, 2);
                copyComponents();
            } else {
                skip(length);
                out.put(in.array(), start, in.position() - start);
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Fields or methods. */
    private void skipMembers() {
        int members = in.getShort() & 0xffff;
        for (int i = 0; i < members; i++) {
            skip(6);
            int attributes = in.getShort() & 0xffff;
            for (int j = 0; j < attributes; j++) {
                skip(2);
                skip(in.getInt());
            }
        }
    }

    /** JVMS 4.7.30: of a component's attributes, only its signature stays. */
    private void copyComponents() {
        int lengthAt = out.position();
        out.putInt(0);
        int components = in.getShort() & 0xffff;
        out.putShort((short) components);
        for (int i = 0; i < components; i++) {
            out.putShort(in.getShort()).putShort(in.getShort());
            int countAt = out.position();
            out.putShort((short) 0);
            int attributes = in.getShort() & 0xffff;
            for (int j = 0; j < attributes; j++) {
                int start = in.position();
                boolean stays = "Signature".equals(texts[in.getShort() & 0xffff]);
                skip(in.getInt());
                if (stays) {
                    out.put(in.array(), start, in.position() - start);
                    out.putShort(countAt, (short) 1);
                }
            }
        }
        out.putInt(lengthAt, out.position() - lengthAt - 4);
    }

    private void skip(int bytes) {
        in.position(in.position() + bytes);
    }
}
