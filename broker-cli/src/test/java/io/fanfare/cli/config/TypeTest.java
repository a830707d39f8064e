package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.cli.config.ValueTypes.Text;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Types that are derived from others. */
class TypeTest {

    private static final Type<URI> ADDRESS = new Text("an address", "\\S+").as(URI::create, URI::toString);

    @Test
    void valueIsReadAndWrittenAsAnotherObject() {
        assertThat(ADDRESS.read(written("https://a.example"))).isEqualTo(URI.create("https://a.example"));
        assertThat(ADDRESS.write(URI.create("https://a.example"))).isEqualTo("https://a.example");
    }

    @Test
    void valueThatIsNoSuchObjectIsAMistakeAtItsPlace() {
        assertThatThrownBy(() -> ADDRESS.read(written("https://[")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("f.yaml:3:4: auth.jwks: Expected closing bracket");
    }

    private static ConfigNode written(String text) {
        return new ConfigNode.Scalar("auth.jwks", new Place("f.yaml", 3, 4), text);
    }
}
