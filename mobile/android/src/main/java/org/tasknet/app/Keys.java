package org.tasknet.app;

import android.content.Context;
import android.content.SharedPreferences;
import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Base64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.tasknet.sdk.SecureStore;

/**
 * The secrets of one account, encrypted by a key that the phone's keystore has made and never gives away. A keystore that fails,
 * or has lost its key, is an error and never an empty place: the SDK would make somebody new there.
 */
final class Keys implements SecureStore {
    private static final String STORE = "AndroidKeyStore";
    private static final String ALIAS = "tasknet";
    private static final int IV = 12;
    private static final int TAG = 128;

    private final SharedPreferences kept;
    private final String account;

    Keys(Context context, String account) {
        kept = context.getSharedPreferences("keys", Context.MODE_PRIVATE);
        this.account = account;
    }

    @Override
    public synchronized String get(String name) throws Exception {
        String sealed = kept.getString(place(name), null);
        if (sealed == null) return "";
        byte[] raw = Base64.decode(sealed, Base64.NO_WRAP);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key(false), new GCMParameterSpec(TAG, raw, 0, IV));
        cipher.updateAAD(place(name).getBytes(StandardCharsets.UTF_8)); // no secret takes another's place
        return new String(cipher.doFinal(raw, IV, raw.length - IV), StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void set(String name, String secret) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key(true));
        cipher.updateAAD(place(name).getBytes(StandardCharsets.UTF_8));
        byte[] body = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
        byte[] raw = new byte[IV + body.length];
        System.arraycopy(cipher.getIV(), 0, raw, 0, IV);
        System.arraycopy(body, 0, raw, IV, body.length);
        written(kept.edit().putString(place(name), Base64.encodeToString(raw, Base64.NO_WRAP)));
    }

    @Override
    public synchronized void delete(String name) throws Exception {
        written(kept.edit().remove(place(name)));
    }

    /** Forgets all secrets of the account but one, if any. */
    synchronized void clear(String spared) throws IOException {
        SharedPreferences.Editor edit = kept.edit();
        for (String place : kept.getAll().keySet()) {
            if (place.startsWith(place("")) && (spared == null || !place.equals(place(spared)))) edit.remove(place);
        }
        written(edit);
    }

    private String place(String name) {
        return account + "/" + name;
    }

    private static void written(SharedPreferences.Editor edit) throws IOException {
        if (!edit.commit()) throw new IOException("The phone could not keep its keys.");
    }

    private SecretKey key(boolean make) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null);
        SecretKey key = (SecretKey) store.getKey(ALIAS, null);
        if (key != null) return key;
        if (!make || !kept.getAll().isEmpty()) throw new GeneralSecurityException("The phone's keystore has lost its key. Bring the wallet back from its backup in a fresh installation.");
        KeyGenerator maker = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE);
        maker.init(new KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(256)
                .build());
        return maker.generateKey();
    }
}
