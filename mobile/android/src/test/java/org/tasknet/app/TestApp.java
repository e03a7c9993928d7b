package org.tasknet.app;

/** The app with a keystore, which Robolectric lacks, and a server that is not there. */
public class TestApp extends App {
    static final String NOWHERE = "http://127.0.0.1:1";

    @Override
    public void onCreate() {
        MemoryKeyStore.install();
        super.onCreate();
    }

    @Override
    String server() {
        return NOWHERE;
    }

    /** The app of a server that is there, with questions. */
    public static class Online extends TestApp {
        @Override
        String server() {
            return System.getProperty("tasknet.server");
        }
    }
}
