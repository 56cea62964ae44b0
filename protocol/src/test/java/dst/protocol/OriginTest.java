package dst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
    // R7: every host of such a network has all of its addresses.
    @Test
    void ofIpv6ItIsTheNetwork() {
        assertEquals("2001:db8:0:7::/64", Origin.of("2001:db8:0:7:0:0:0:1"));
        assertEquals(Origin.of("2001:db8:0:7:0:0:0:1"), Origin.of("2001:db8:0:7:ffff:1:2:3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unix",
                "client-2",
                "10.0.0.1",
                "0:0:0:0:0:0:0:1",
                "fe80:0:0:0:0:0:0:1",
                "febf:0:0:0:1:2:3:4",
                "a:b:c",
                "2001:db8:0:7:0:0:0:1:2",
                "name:with:seven:colons:a:b:c:d",
                "::::::::",
                "12345:0:0:0:0:0:0:1"
            })
    void ofEverythingElseItIsThePrincipal(String principal) {
        assertEquals(principal, Origin.of(principal));
    }
}
