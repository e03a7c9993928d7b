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
            Map.entry("assignments", Map.of("count", Integer.class, "taste", JSONObject.class)),
            Map.entry("take", Map.of("question", String.class)),
            Map.entry("skip", Map.of("assignment", String.class, "reason", String.class)),
            Map.entry("answer", Map.of("assignment", String.class, "said", JSONObject.class, "hold_ms", Integer.class)),
            Map.entry("undo", Map.of("assignment", String.class)),
            Map.entry("release", Map.of()),
            Map.entry("online", Map.of()),
            Map.entry("unsent", Map.of()),
            Map.entry("settled", Map.of()),
            Map.entry("found", Map.of()),
            Map.entry("look", Map.of()),
            Map.entry("backup", Map.of()),
            Map.entry("restore", Map.of("wallet", String.class)),
            Map.entry("erase", Map.of("wallet", Boolean.class)),
            Map.entry("piece", Map.of("at", Integer.class, "bytes", String.class)),
            Map.entry("save", Map.of("name", String.class, "type", String.class, "size", Integer.class)),
            Map.entry("here", Map.of("on", Boolean.class)),
            Map.entry("waking", Map.of()),
            Map.entry("wake", Map.of("on", Boolean.class)),
            Map.entry("shared", Map.of()),
            Map.entry("language", Map.of("tag", String.class)),
            Map.entry("tick", Map.of()));

    /** What of the screen a request may need. */
    interface Screen {
        /** A tick under the thumb. */
        void tick();

        /** Asks the person whether notices may be shown, and waits for what they say. */
        boolean askToNotify() throws InterruptedException;

        /** Asks the person where a file goes. What they say comes to Saves. */
        void askWhere(String name, String type);
    }

    private static final String NOTHING = "{}";

    private final App app;
    private final Screen screen;

    Requested(App app, Screen screen) {
        this.app = app;
        this.screen = screen;
    }

    @Override
    public String handle(String what, JSONObject with) throws Exception {
        Session session = app.account().session();
        switch (what) {
            case "person":
                return session.person();
            case "token":
                return session.token(null, with.getString("stale"));
            case "register":
                session.register(null);
                return NOTHING;
            case "assignments":
                session.setTaste(with.getJSONObject("taste").toString());
                return session.assignments(null, with.getInt("count"), "");
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
            case "found":
                return session.logFound();
            case "look":
                return session.checkLog(null);
            case "backup":
                return object("wallet", session.backUpWallet());
            case "restore":
                app.account().restore(with.getString("wallet"));
                return NOTHING;
            case "erase":
                app.erase(with.getBoolean("wallet"));
                return NOTHING;
            case "piece":
                app.saves().piece(with.getInt("at"), with.getString("bytes"));
                return NOTHING;
            case "save":
                return object("state", app.saves().save(with.getString("name"), with.getString("type"), with.getInt("size"), screen));
            case "here":
                app.visit().turn(with.getBoolean("on"));
                return NOTHING;
            case "waking":
                return object("state", app.waking().state());
            case "wake":
                return object("state", with.getBoolean("on") ? app.waking().turnOn(screen) : app.waking().turnOff());
            case "shared":
                return app.shares().take();
            case "language":
                app.speak(with.getString("tag"));
                return NOTHING;
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
