package org.tasknet.app;

import java.util.Map;
import org.json.JSONException;
import org.json.JSONObject;
import org.tasknet.sdk.Session;

/** What pages ask of the app, and what does it. Each request runs on a thread that draws nothing. */
final class Requested implements Door.Requests {
    /** The requests with their fields, as mobile/bridge/cases.json has them. */
    static final Map<String, Map<String, Class<?>>> FIELDS = Map.ofEntries(
            Map.entry("person", Map.of()),
            Map.entry("token", Map.of("stale", String.class)),
            Map.entry("register", Map.of()),
            Map.entry("assignments", Map.of("count", Integer.class, "languages", String.class)),
            Map.entry("take", Map.of("question", String.class)),
            Map.entry("skip", Map.of("assignment", String.class, "reason", String.class)),
            Map.entry("answer", Map.of("assignment", String.class, "said", JSONObject.class, "hold_ms", Integer.class)),
            Map.entry("undo", Map.of("assignment", String.class)),
            Map.entry("release", Map.of()),
            Map.entry("online", Map.of()),
            Map.entry("unsent", Map.of()),
            Map.entry("settled", Map.of()),
            Map.entry("backup", Map.of()),
            Map.entry("restore", Map.of("wallet", String.class)),
            Map.entry("waking", Map.of()),
            Map.entry("wake", Map.of("on", Boolean.class)),
            Map.entry("shared", Map.of()),
            Map.entry("tick", Map.of()));

    /** What of the screen a request may need. */
    interface Screen {
        /** A tick under the thumb. */
        void tick();

        /** Asks the person whether notices may be shown, and waits for what they say. */
        boolean askToNotify() throws InterruptedException;
    }

    private static final String NOTHING = "{}";

    private final Account account;
    private final Waking waking;
    private final Shares shares;
    private final Screen screen;

    Requested(Account account, Waking waking, Shares shares, Screen screen) {
        this.account = account;
        this.waking = waking;
        this.shares = shares;
        this.screen = screen;
    }

    @Override
    public String handle(String what, JSONObject with) throws Exception {
        Session session = account.session();
        switch (what) {
            case "person":
                return session.person();
            case "token":
                return session.token(null, with.getString("stale"));
            case "register":
                session.register(null);
                return NOTHING;
            case "assignments":
                return session.assignments(null, with.getInt("count"), with.getString("languages"));
            case "take":
                return session.take(null, with.getString("question"));
            case "skip":
                session.skip(null, with.getString("assignment"), with.getString("reason"));
                return NOTHING;
            case "answer":
                session.give(with.getString("assignment"), with.getJSONObject("said").toString(), with.getInt("hold_ms"));
                return NOTHING;
            case "undo":
                session.undo(with.getString("assignment"));
                return NOTHING;
            case "release":
                session.release();
                return NOTHING;
            case "online":
                session.online();
                return NOTHING;
            case "unsent":
                return session.unsent();
            case "settled":
                return session.settled();
            case "backup":
                return object("wallet", session.backUpWallet());
            case "restore":
                account.restore(with.getString("wallet"));
                return NOTHING;
            case "waking":
                return object("state", waking.state());
            case "wake":
                return object("state", with.getBoolean("on") ? waking.turnOn(screen) : waking.turnOff());
            case "shared":
                return shares.take();
            case "tick":
                screen.tick();
                return NOTHING;
            default:
                throw new IllegalArgumentException("unknown_request: " + what);
        }
    }

    private static String object(String name, String value) throws JSONException {
        return new JSONObject().put(name, value).toString();
    }
}
