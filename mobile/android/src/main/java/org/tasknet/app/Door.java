package org.tasknet.app;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.json.JSONException;
import org.json.JSONObject;
import org.tasknet.sdk.Sdk;

/** What a message from a page has to get past before it is done: mobile/bridge/README.md is the contract. */
final class Door {
    static final int REQUEST_MOST = 65_536;
    static final int REPLY_MOST = 4 << 20;
    static final int IN_FLIGHT = 32;
    private static final int DEEPEST = 16;

    /** What pages ask for. */
    interface Requests {
        /** Does it, and returns JSON. The message of an exception is a code, a colon and a sentence. */
        String handle(String what, JSONObject with) throws Exception;
    }

    private final String origin;
    private final Requests requests;
    private final Executor workers;
    private final Consumer<String> page;
    private final AtomicInteger open = new AtomicInteger();

    /** Replies are given to page, by the thread that did the work. */
    Door(String origin, Requests requests, Executor workers, Consumer<String> page) {
        this.origin = origin;
        this.requests = requests;
        this.workers = workers;
        this.page = page;
    }

    /** Takes a message from a frame of an origin. */
    void receive(String from, boolean mainFrame, String message) {
        if (!mainFrame || !origin.equals(from) || message == null || message.length() > REQUEST_MOST || deep(message)) return;
        JSONObject request;
        try {
            request = new JSONObject(message);
        } catch (JSONException e) {
            return;
        }
        if (!(request.opt("id") instanceof Integer) || request.optInt("id") < 1) return;
        int id = request.optInt("id");
        Map<String, Class<?>> fields = Requested.FIELDS.get(request.optString("do"));
        if (fields == null || !(request.opt("do") instanceof String)) {
            page.accept(error(id, "unknown_request", "This version of the app does not know that."));
        } else if (request.length() != 3 || !fits(request.optJSONObject("with"), fields)) {
            page.accept(error(id, "bad_request", "That is not how the app is asked for this."));
        } else if (open.incrementAndGet() > IN_FLIGHT) {
            open.decrementAndGet();
            page.accept(error(id, "busy", "The app has too much to do. Try again in a moment."));
        } else {
            workers.execute(() -> {
                String reply = reply(id, request.optString("do"), request.optJSONObject("with"));
                open.decrementAndGet();
                page.accept(reply);
            });
        }
    }

    private String reply(int id, String what, JSONObject with) {
        String reply;
        try {
            reply = "{\"id\":" + id + ",\"ok\":" + requests.handle(what, with) + "}";
        } catch (Exception e) {
            String said = String.valueOf(e.getMessage());
            String code = Sdk.errorCode(said);
            return error(id, code.isEmpty() ? "failed" : code, Sdk.errorText(said));
        }
        return reply.length() <= REPLY_MOST ? reply : error(id, "too_large", "That is more than the app can hand over at once.");
    }

    private static boolean fits(JSONObject with, Map<String, Class<?>> fields) {
        if (with == null || with.length() != fields.size()) return false;
        for (Iterator<String> names = with.keys(); names.hasNext(); ) {
            String name = names.next();
            Class<?> type = fields.get(name);
            if (type == null || !type.isInstance(with.opt(name))) return false;
        }
        return true;
    }

    /** Whether a message nests deeper than any request: what reads JSON does so recursively, and a deep one would end the app. */
    private static boolean deep(String message) {
        int depth = 0;
        for (int i = 0; i < message.length(); i++) { // brackets in texts count too, which only makes it stricter
            char c = message.charAt(i);
            if ((c == '[' || c == '{') && ++depth > DEEPEST) return true;
            if (c == ']' || c == '}') depth--;
        }
        return false;
    }

    static String event(String name, String with) {
        return "{\"event\":\"" + name + "\",\"with\":" + with + "}";
    }

    private static String error(int id, String code, String text) {
        return "{\"id\":" + id + ",\"error\":{\"code\":" + JSONObject.quote(code) + ",\"text\":" + JSONObject.quote(text) + "}}";
    }
}
