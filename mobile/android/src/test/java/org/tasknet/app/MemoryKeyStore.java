package org.tasknet.app;

import android.security.keystore.KeyGenParameterSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A provider in the place of the phone's keystore: it has keys by their alias, as long as the test runs. */
public final class MemoryKeyStore extends KeyStoreSpi {
    static final Map<String, SecretKey> KEYS = new HashMap<>();

    /** Puts a new and empty one in the place of the last. */
    static void install() {
        KEYS.clear();
        Security.removeProvider("AndroidKeyStore");
        Security.addProvider(new In());
    }

    private static final class In extends Provider {
        In() {
            super("AndroidKeyStore", "1", "");
            putService(new Service(this, "KeyStore", "AndroidKeyStore", MemoryKeyStore.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new MemoryKeyStore();
                }
            });
            putService(new Service(this, "KeyGenerator", "AES", Maker.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Maker();
                }
            });
        }
    }

    public static final class Maker extends KeyGeneratorSpi {
        private KeyGenParameterSpec spec;

        @Override
        protected void engineInit(AlgorithmParameterSpec spec, SecureRandom random) throws InvalidAlgorithmParameterException {
            this.spec = (KeyGenParameterSpec) spec;
        }

        @Override
        protected SecretKey engineGenerateKey() {
            byte[] raw = new byte[spec.getKeySize() / 8];
            new SecureRandom().nextBytes(raw);
            KEYS.put(spec.getKeystoreAlias(), new SecretKeySpec(raw, "AES"));
            return KEYS.get(spec.getKeystoreAlias());
        }

        @Override
        protected void engineInit(SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(int size, SecureRandom random) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public Key engineGetKey(String alias, char[] password) {
        return KEYS.get(alias);
    }

    @Override
    public void engineLoad(InputStream in, char[] password) {}

    @Override
    public Enumeration<String> engineAliases() {
        return Collections.enumeration(KEYS.keySet());
    }

    @Override
    public boolean engineContainsAlias(String alias) {
        return KEYS.containsKey(alias);
    }

    @Override
    public int engineSize() {
        return KEYS.size();
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
        return KEYS.containsKey(alias);
    }

    @Override
    public Certificate[] engineGetCertificateChain(String alias) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Certificate engineGetCertificate(String alias) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Date engineGetCreationDate(String alias) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void engineDeleteEntry(String alias) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
        return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void engineStore(OutputStream out, char[] password) {
        throw new UnsupportedOperationException();
    }
}
