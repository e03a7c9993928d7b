package org.tasknet.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import android.util.Base64;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** The example of RFC 8291, section 5. */
@RunWith(RobolectricTestRunner.class)
@Config(application = TestApp.class)
public class WebPushTest {
    private static final String POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";
    private static final String MESSAGE = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    private static byte[] bytes(String text) {
        return Base64.decode(text, Base64.URL_SAFE | Base64.NO_WRAP);
    }

    private static WebPush example() throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPrivateKeySpec key = new ECPrivateKeySpec(new BigInteger(1, bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), curve.getParameterSpec(ECParameterSpec.class));
        byte[] encoded = KeyFactory.getInstance("EC").generatePrivate(key).getEncoded();
        return WebPush.read(Base64.encodeToString(encoded, Base64.URL_SAFE | Base64.NO_WRAP) + " " + POINT + " " + AUTH);
    }

    @Test
    public void theExampleIsRead() throws Exception {
        assertEquals("When I grow up, I want to be a watermelon", example().open(bytes(MESSAGE)));
    }

    @Test
    public void whatIsChangedIsNot() throws Exception {
        WebPush keys = example();
        byte[] message = bytes(MESSAGE);
        for (int i = 0; i < message.length; i++) {
            if (i >= 16 && i < 20) continue; // the size of records, of which there is one
            byte[] other = message.clone();
            other[i] ^= 1;
            assertThrows("byte " + i, GeneralSecurityException.class, () -> keys.open(other));
        }
        assertThrows(GeneralSecurityException.class, () -> keys.open(new byte[86]));
        assertThrows(GeneralSecurityException.class, () -> WebPush.make().open(message));
    }

    @Test
    public void keysAreKept() throws Exception {
        WebPush made = WebPush.make();
        JSONObject place = new JSONObject(made.place("https://push.example/a"));
        assertEquals(place.toString(), new JSONObject(WebPush.read(made.secret()).place("https://push.example/a")).toString());
        assertEquals(65, bytes(place.getJSONObject("web").getJSONObject("keys").getString("p256dh")).length);
        assertThrows(GeneralSecurityException.class, () -> WebPush.read("a b"));
    }
}
