package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "192.0.2.128/25,192.0.2.128,true",
        "192.0.2.128/25,192.0.2.127,false",
        "192.0.2.1,192.0.2.1,true",
        "192.0.2.1,192.0.2.2,false",
        "0.0.0.0/0,255.255.255.255,true",
        "0.0.0.0/0,::1,false",
        "::/0,::1,true",
        "fd00::/8,fdff::1,true",
        "fd00::/8,fe00::1,false",
        "::1,::1,true",
        "::ffff:10.0.0.0/8,10.1.2.3,true"
    })
    void contains(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(AddressRange.address(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "localhost", "example.com", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4.", "01.2.3.4",
                        "10.0.0.0/33",
                "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/x", "::1/129", "::g", ":", "1:2", "fe80::1%eth0", " 1.2.3.4"
            })
    void whatIsNoneIsRefusedWithoutLookingItUp(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.0.2.1/32"})
    void isWrittenAsItIsRead(String text) {
        assertThat(AddressRange.parse(text)).hasToString(text);
    }
}
