package io.fanfare.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An image in the layout of the OCI image specification, in a tar file; each blob that is read has the digest and the size that are stated. */
final class OciArchive {

    private final ObjectMapper json = new ObjectMapper();
    private final Path folder;

    private OciArchive(Path folder) {
        this.folder = folder;
    }

    /** Unpacks the tar file into a folder. */
    static OciArchive unpack(Path tar, Path folder) throws IOException {
        Files.createDirectories(folder);
        tar("--extract", "--file=" + tar, "--directory=" + folder);
        return new OciArchive(folder);
    }

    static String tar(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tar", "--warning=no-unknown-keyword"));
        command.addAll(List.of(arguments));
        return Program.output(Map.of(), command);
    }

    JsonNode layout() throws IOException {
        return json.readTree(folder.resolve("oci-layout").toFile());
    }

    JsonNode index() throws IOException {
        return json.readTree(folder.resolve("index.json").toFile());
    }

    JsonNode manifest() throws IOException {
        return json.readTree(blob(index().path("manifests").path(0)).toFile());
    }

    JsonNode configuration() throws IOException {
        return json.readTree(blob(manifest().path("config")).toFile());
    }

    /**
     * Files of the layers, the lowest first: two small files of jib's, which no program reads; the runtime; the application.
     */
    List<Path> layers() throws IOException {
        List<Path> layers = new ArrayList<>();
        for (JsonNode layer : manifest().path("layers")) {
            assertThat(layer.path("mediaType").asText()).isEqualTo("application/vnd.oci.image.layer.v1.tar+gzip");
            layers.add(blob(layer));
        }
        return layers;
    }

    /** The file that a descriptor names. */
    private Path blob(JsonNode descriptor) throws IOException {
        String digest = descriptor.path("digest").asText();
        Path file = folder.resolve("blobs").resolve(digest.replace(':', '/'));
        assertThat(Files.size(file))
                .as("size of %s", digest)
                .isEqualTo(descriptor.path("size").asLong());
        assertThat("sha256:" + sha256(Files.readAllBytes(file))).isEqualTo(digest);
        return file;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
