package org.tasknet.app;

import android.util.Base64;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.json.JSONException;
import org.json.JSONObject;

/** The keys by which pushes over a distributor of UnifiedPush are encrypted for this phone alone: RFC 8291, as browsers have them. */
final class WebPush {
    private static final int POINT = 65;
    private static final int SALT = 16;
    private static final int HEADER = SALT + 4 + 1 + POINT;
    private static final int MESSAGE_MOST = 4096;

    private final PrivateKey key;
    private final byte[] point;
    private final byte[] auth;

    private WebPush(PrivateKey key, byte[] point, byte[] auth) {
        this.key = key;
        this.point = point;
        this.auth = auth;
    }

    /** New keys. */
    static WebPush make() throws GeneralSecurityException {
        KeyPairGenerator maker = KeyPairGenerator.getInstance("EC");
        maker.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = maker.generateKeyPair();
        byte[] auth = new byte[16];
        new SecureRandom().nextBytes(auth);
        return new WebPush(pair.getPrivate(), encode(((ECPublicKey) pair.getPublic()).getW()), auth);
    }

    /** The keys that secret() has written. */
    static WebPush read(String secret) throws GeneralSecurityException {
        String[] parts = secret.split(" ");
        if (parts.length != 3) throw new GeneralSecurityException("These are no keys of pushes.");
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(parts[0])));
        return new WebPush(key, bytes(parts[1]), bytes(parts[2]));
    }

    String secret() {
        return text(key.getEncoded()) + " " + text(point) + " " + text(auth);
    }

    /** What the server is told: a wire.Subscribe of an endpoint. */
    String place(String endpoint) throws JSONException {
        JSONObject keys = new JSONObject().put("p256dh", text(point)).put("auth", text(auth));
        return new JSONObject().put("web", new JSONObject().put("endpoint", endpoint).put("keys", keys)).toString();
    }

    /** The text of a message of one record. Whoever has not our public key and secret cannot make one. */
    String open(byte[] message) throws GeneralSecurityException {
        if (message.length <= HEADER || message.length > MESSAGE_MOST || message[SALT + 4] != POINT) throw new GeneralSecurityException("This is no push.");
        byte[] salt = Arrays.copyOf(message, SALT);
        byte[] theirs = Arrays.copyOfRange(message, SALT + 5, HEADER);
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(decode(theirs), curve())), true);
        byte[] shared = derive(auth, agreement.generateSecret(), concat("WebPush: info\0".getBytes(StandardCharsets.US_ASCII), point, theirs), 32);
        byte[] contentKey = derive(salt, shared, "Content-Encoding: aes128gcm\0".getBytes(StandardCharsets.US_ASCII), 16);
        byte[] nonce = derive(salt, shared, "Content-Encoding: nonce\0".getBytes(StandardCharsets.US_ASCII), 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(contentKey, "AES"), new GCMParameterSpec(128, nonce));
        byte[] padded = cipher.doFinal(message, HEADER, message.length - HEADER);
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) end--;
        if (end < 0 || padded[end] != 2) throw new GeneralSecurityException("This push has more than one part.");
        return new String(padded, 0, end, StandardCharsets.UTF_8);
    }

    /** HKDF-SHA-256 of at most one block. */
    private static byte[] derive(byte[] salt, byte[] secret, byte[] info, int length) throws GeneralSecurityException {
        return Arrays.copyOf(mac(mac(salt, secret), concat(info, new byte[] {1})), length);
    }

    private static byte[] mac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static ECParameterSpec curve() throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        return curve.getParameterSpec(ECParameterSpec.class);
    }

    private static byte[] encode(ECPoint p) {
        byte[] out = new byte[POINT];
        out[0] = 4;
        put(p.getAffineX(), out, 33);
        put(p.getAffineY(), out, POINT);
        return out;
    }

    private static void put(BigInteger n, byte[] out, int end) {
        byte[] raw = n.toByteArray(); // with a leading zero, or without leading ones
        int length = Math.min(32, raw.length);
        System.arraycopy(raw, raw.length - length, out, end - length, length);
    }

    /** A point of a stranger. The provider refuses one that is not on the curve. */
    private static ECPoint decode(byte[] raw) throws GeneralSecurityException {
        if (raw[0] != 4) throw new GeneralSecurityException("This is no point.");
        return new ECPoint(new BigInteger(1, Arrays.copyOfRange(raw, 1, 33)), new BigInteger(1, Arrays.copyOfRange(raw, 33, POINT)));
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) length += part.length;
        ByteBuffer out = ByteBuffer.allocate(length);
        for (byte[] part : parts) out.put(part);
        return out.array();
    }

    private static String text(byte[] raw) {
        return Base64.encodeToString(raw, Base64.URL_SAFE | Base64.NO_PADDING | Base64.NO_WRAP);
    }

    private static byte[] bytes(String text) {
        return Base64.decode(text, Base64.URL_SAFE | Base64.NO_PADDING | Base64.NO_WRAP);
    }
}
