import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.pitest.reloc.asm.AnnotationVisitor;
import org.pitest.reloc.asm.ClassReader;
import org.pitest.reloc.asm.ClassVisitor;
import org.pitest.reloc.asm.ClassWriter;
import org.pitest.reloc.asm.Opcodes;
import org.pitest.reloc.asm.RecordComponentVisitor;
import org.pitest.reloc.asm.TypePath;

/**
 * Takes the annotations from the components of records as they are loaded: a JVM that runs does not take a changed record while its
 * components have any (Pitest's issue 1285).
 */
final class PlainRecords implements ClassFileTransformer {

    @Override
    public byte[] transform(ClassLoader loader, String file, Class<?> before, ProtectionDomain domain, byte[] bytes) {
        if (file == null || !file.startsWith("io/fanfare/")) {
            return null;
        }
        var reader = new ClassReader(bytes);
        if (!"java/lang/Record".equals(reader.getSuperName())) {
            return null;
        }
        var writer = new ClassWriter(0);
        reader.accept(new WithoutAnnotations(writer), 0);
        return writer.toByteArray();
    }

    private static final class WithoutAnnotations extends ClassVisitor {

        WithoutAnnotations(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public RecordComponentVisitor visitRecordComponent(String name, String descriptor, String signature) {
            return new RecordComponentVisitor(Opcodes.ASM9, super.visitRecordComponent(name, descriptor, signature)) {
                @Override
                public AnnotationVisitor visitAnnotation(String type, boolean isVisible) {
                    return null;
                }

                @Override
                public AnnotationVisitor visitTypeAnnotation(
                        int reference, TypePath path, String type, boolean isVisible) {
                    return null;
                }
            };
        }
    }
}
