import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.tasknet.sdk.Cancel;
import org.tasknet.sdk.Listener;
import org.tasknet.sdk.Sdk;
import org.tasknet.sdk.SecureStore;
import org.tasknet.sdk.Session;

/** What the SDK promises to Java, tried on a JVM: values, errors, callbacks, threads, memory. Run it with .ci/sdk-jvm. */
public class Contract {
    /** A server that is not there. */
    static final String NOWHERE = "http://127.0.0.1:1";

    /** A keystore of a platform; it fails with a message when there is one. */
    static class Store implements SecureStore {
        final Map<String, String> secrets = new ConcurrentHashMap<>();
        volatile String failure;

        private void check() throws Exception {
            if (failure != null) throw new Exception(failure);
        }

        @Override
        public String get(String name) throws Exception {
            check();
            return secrets.getOrDefault(name, "");
        }

        @Override
        public void set(String name, String secret) throws Exception {
            check();
            secrets.put(name, secret);
        }

        @Override
        public void delete(String name) throws Exception {
            check();
            secrets.remove(name);
        }
    }

    /** A listener that keeps what it is told, and by whom. */
    static class Ear implements Listener {
        final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Thread> by = new LinkedBlockingQueue<>();
        volatile Runnable first = () -> {};

        private void hear(String what) {
            first.run();
            by.add(Thread.currentThread());
            told.add(what);
        }

        @Override
        public void accepted(String answer) {
            hear("accepted " + answer);
        }

        @Override
        public void refused(String answer) {
            hear("refused " + answer);
        }

        @Override
        public void expired(String assignment) {
            hear("expired " + assignment);
        }

        @Override
        public void delayed(String code, String text) {
            hear("delayed " + code + " " + text);
        }

        @Override
        public void found(String found) {
            hear("found " + found);
        }
    }

    interface Call {
        void run() throws Exception;
    }

    static void check(boolean ok, String what) {
        if (!ok) throw new AssertionError(what);
    }

    /** Runs a call that must fail, and returns the message of its exception. */
    static String failure(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            return e.getMessage();
        }
        throw new AssertionError("it did not fail");
    }

    static void wants(String code, Call call) {
        String message = failure(call);
        check(Sdk.errorCode(message).equals(code), "want " + code + ", got " + message);
        check(message.equals(code + ": " + Sdk.errorText(message)), "not a code and a sentence: " + message);
    }

    static String folder() throws Exception {
        return Files.createTempDirectory("tasknet-jvm-").toString();
    }

    /** Strings keep every code point, in both directions and through an exception. */
    static void strings() throws Exception {
        List<String> all = new ArrayList<>(List.of("", "ascii", "\u00e9\u00ff", "\u05d0\u0627", "\u4e2d\uffee", "a\tb\"\\ \u2028"));
        for (int plane = 1; plane <= 16; plane++) { // the last two code points of a plane are none
            all.add("<" + new String(Character.toChars(plane << 16)) + new String(Character.toChars((plane << 16) + 0xfffd)) + ">");
        }
        Store store = new Store();
        for (String s : all) {
            check(Sdk.errorText("x: " + s).equals(s), "came back as another string: " + s);
            store.failure = s + "!";
            String message = failure(() -> Sdk.restoreWallet(store, "12".repeat(32)));
            check(message.endsWith(s + "!"), "an exception of " + s + " came back as " + message);
        }
    }

    /** Errors of either side are exceptions of the other. */
    static void errors() throws Exception {
        Store store = new Store();
        wants("bad_address", () -> Sdk.open(folder(), "nowhere", store, new Ear()));
        wants("bad_wallet_key", () -> Sdk.restoreWallet(store, "12"));
        String folder = folder();
        Session session = Sdk.open(folder, NOWHERE, store, new Ear());
        wants("in_use", () -> Sdk.open(folder, NOWHERE, store, new Ear()));
        wants("no_such_assignment", () -> session.answer("asg_none", 0));
        wants("no_receipt", () -> session.receipt("asg_none"));
        wants("bad_page", () -> session.history(null, "", 0));
        wants("bad_node", () -> session.trustNode("nowhere"));
        check(session.logFound().contains("\"missed\":[]") && session.checkLogIfDue(null).equals(session.logFound()), "what was found in the log");
        Cancel cancelled = Sdk.newCancel();
        cancelled.cancel();
        wants("cancelled", () -> session.me(cancelled));
        check(session.device().length() == 64 && session.waiting() == 0 && session.clockWrong() == 0, "numbers and strings");
        check(session.backUpWallet().equals(store.secrets.get(Sdk.WalletSecret)), "the wallet");
        check(Sdk.CannotTell == -1, "a constant");
        session.close();
        session.close();
        wants("closed", () -> session.me(null));
    }

    /** A listener is called by another thread, may close the session, and may throw nothing at anybody. */
    static void callbacks() throws Exception {
        for (boolean closes : new boolean[] {false, true}) {
            String folder = folder();
            Files.createDirectories(Path.of(folder, "outbox"));
            Files.writeString(Path.of(folder, "outbox", "asg_01kn5c5e3v0123456789abcdeg.json"), "{");
            Ear ear = new Ear();
            CountDownLatch opened = new CountDownLatch(1);
            Session[] session = new Session[1];
            ear.first = () -> {
                try {
                    opened.await();
                    if (closes) session[0].close();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            };
            session[0] = Sdk.open(folder, NOWHERE, new Store(), ear); // returns while the listener waits
            opened.countDown();
            String told = ear.told.poll(60, TimeUnit.SECONDS);
            check(told != null && told.startsWith("refused {") && told.contains("damaged_file") && told.contains("asg_01kn5c5e3v0123456789abcdeg"), "told " + told);
            check(ear.by.take() != Thread.currentThread(), "told by the thread that opened");
            session[0].close();
        }
    }

    /** A thousand threads call at once, each through Go and back into Java. */
    static void threads() throws Exception {
        Store store = new Store();
        Session session = Sdk.open(folder(), NOWHERE, store, new Ear());
        String device = session.device();
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger good = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String mine = "thread " + i;
            Thread t = new Thread(null, () -> {
                try {
                    Store own = new Store();
                    own.failure = mine;
                    start.await();
                    String message = failure(() -> Sdk.restoreWallet(own, "12".repeat(32)));
                    boolean held = session.held().equals("{\"assignments\":[]}") && session.device().equals(device);
                    if (held && message.endsWith(mine)) good.incrementAndGet();
                } catch (Exception e) {
                    e.printStackTrace();
                }
            }, mine, 256 << 10);
            t.start();
            all.add(t);
        }
        start.countDown();
        for (Thread t : all) t.join();
        check(good.get() == 1000, good.get() + " of 1000 calls went well");
        session.close();
    }

    /** What both languages hold: the first of these may not change by calls, and the rest may not grow by more than so many bytes. */
    static final String[] HELD = {
        "objects of Go that Java has", "times that it has them", "goroutines", "proxies that Java tracks", "objects of Java that Go has", "times that it has them", "numbers of objects of Java",
    };

    static final String[] BYTES = {"Go's heap", "Java's heap", "C's heap", "resident memory"};
    static final long[] GROWTH = {600 << 10, 600 << 10, 2 << 20, 32 << 20};

    /** Rounds of calls. What is lost 8 bytes at a time is 800,000 then. */
    static final int ROUNDS = 100_000;

    /** Collects Go's garbage, and tells of it: see mobile/jvm/probe.go. */
    static native void goHolds(long[] out);

    record Held(List<Long> counts, List<Long> bytes) {}

    static Held held() throws Exception {
        System.gc();
        long[] go = new long[6];
        goHolds(go);
        Class<?> seq = Class.forName("go.Seq");
        Object tracker = field(seq, null, "tracker"), queue = field(seq, null, "goRefQueue");
        long objects, times = 0, numbers;
        synchronized (tracker) {
            Object map = field(tracker.getClass(), tracker, "javaObjs");
            objects = (int) field(map.getClass(), map, "live");
            for (Object ref : (Object[]) field(map.getClass(), map, "objs")) {
                if (ref != null) times += (int) field(ref.getClass(), ref, "refcnt");
            }
            numbers = ((Map<?, ?>) field(tracker.getClass(), tracker, "javaRefs")).size();
        }
        long proxies = ((java.util.Collection<?>) field(queue.getClass(), queue, "refs")).size();
        Runtime java = Runtime.getRuntime();
        return new Held(List.of(go[0], go[1], go[2], proxies, objects, times, numbers), List.of(go[3], java.totalMemory() - java.freeMemory(), go[4], resident()));
    }

    static Object field(Class<?> of, Object in, String name) throws Exception {
        java.lang.reflect.Field f = of.getDeclaredField(name);
        f.setAccessible(true);
        return f.get(in);
    }

    /** What is held when the collectors of both languages find no more: each may have to wait for what the other lets go. */
    static Held settled(List<Long> wanted) throws Exception {
        Held now = held();
        for (int still = 0, tries = 0; still < 5 && tries < 50; tries++) {
            Held next = held();
            still = next.counts.equals(now.counts) && (wanted == null || next.counts.equals(wanted)) ? still + 1 : 0;
            now = next;
        }
        return now;
    }

    /** Strings, numbers, errors and objects cross in both directions, and callbacks; the SDK has no arrays of bytes to give. */
    static void everything(Session session, String folder, int round) throws Exception {
        Cancel c = Sdk.newCancel(); // an object of Go
        c.cancel();
        Store store = new Store(); // an object of Java that Go holds during the call
        store.failure = "no " + round;
        check(failure(() -> Sdk.restoreWallet(store, "12".repeat(32))).endsWith(store.failure), "an exception of another round");
        wants("cancelled", () -> session.me(c)); // an object of Go that goes back to it
        check(session.held().equals("{\"assignments\":[]}") && session.waiting() == 0 && Sdk.errorText("x: \u4e2d" + round).equals("\u4e2d" + round), "strings and numbers");
        if (round % 1000 == 0) { // with objects of Java that Go holds for longer, and goroutines
            Session other = Sdk.open(folder, NOWHERE, new Store(), new Ear());
            check(other.device().length() == 64, "another session");
            other.close();
            held(); // so that garbage of one time is no more than of the other
        }
    }

    /** Nothing is held any more of calls that are over, on either side. */
    static void memory() throws Exception {
        Session session = Sdk.open(folder(), NOWHERE, new Store(), new Ear());
        String other = folder();
        for (int i = 0; i < ROUNDS / 4; i++) everything(session, other, i); // what compilers and caches need
        Held before = settled(null);
        for (int i = 0; i < ROUNDS; i++) everything(session, other, i);
        Held after = settled(before.counts);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < HELD.length; i++) {
            if (!after.counts.get(i).equals(before.counts.get(i))) wrong.add(HELD[i] + ": " + before.counts.get(i) + " before, and " + after.counts.get(i));
        }
        StringBuilder grown = new StringBuilder();
        for (int i = 0; i < BYTES.length; i++) {
            long more = after.bytes.get(i) - before.bytes.get(i);
            grown.append(grown.isEmpty() ? "" : ", ").append(BYTES[i]).append(String.format(" %+d KiB", more >> 10));
            if (more > GROWTH[i]) wrong.add(BYTES[i] + " grew by " + more + " bytes");
        }
        System.out.println("after 100,000 rounds of calls: " + grown + "; held: " + after.counts);
        check(wrong.isEmpty(), String.join("; ", wrong));
        session.close();
    }

    /** The memory of this process, in bytes. */
    static long resident() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
        throw new AssertionError("no memory is told");
    }

    public static void main(String[] args) {
        Map<String, Call> tests = new java.util.LinkedHashMap<>();
        tests.put("strings", Contract::strings);
        tests.put("errors", Contract::errors);
        tests.put("callbacks", Contract::callbacks);
        tests.put("threads", Contract::threads);
        tests.put("memory", Contract::memory);
        int failed = 0;
        for (Map.Entry<String, Call> test : tests.entrySet()) {
            try {
                test.getValue().run();
                System.out.println("ok " + test.getKey());
            } catch (Throwable e) {
                failed++;
                System.out.println("FAILED " + test.getKey());
                e.printStackTrace(System.out);
            }
        }
        System.out.println(tests.size() - failed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1); // a thread of Go stays, which the JVM would wait for
    }
}
