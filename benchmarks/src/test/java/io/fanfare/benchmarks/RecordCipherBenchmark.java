package io.fanfare.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Encrypts one TLS record in the buffer that it is sent from, as the JDK's {@code SSLEngine} does, and hands a socket what it
 * reads: bytes outside of the heap.
 */
public class RecordCipherBenchmark extends Defaults {

    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    @Param({"heap", "direct"})
    String memory;

    @Param({"4096", "16384"})
    int recordBytes;

    private Cipher cipher;
    private SecretKeySpec key;
    private ByteBuffer plain;
    private ByteBuffer record;
    private ByteBuffer socket;
    private long sequence;

    @Setup
    public void allocate() throws GeneralSecurityException {
        cipher = Cipher.getInstance("AES/GCM/NoPadding");
        key = new SecretKeySpec(new byte[32], "AES");
        int capacity = recordBytes + TAG_BYTES;
        plain = ByteBuffer.allocateDirect(recordBytes);
        record = memory.equals("heap") ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
        socket = ByteBuffer.allocateDirect(capacity);
    }

    @Benchmark
    public ByteBuffer encrypt() throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(4, sequence++).array();
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        record.clear().put(plain.rewind()).flip();
        ByteBuffer out = record.duplicate().clear();
        cipher.doFinal(record, out);
        return record.isDirect() ? out : socket.clear().put(out.flip());
    }
}
