package org.tasknet.app;

import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import android.view.ViewGroup;
import android.webkit.WebMessage;
import android.webkit.WebMessagePort;
import android.webkit.WebView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.json.JSONException;
import org.json.JSONObject;
import org.robolectric.fakes.RoboWebMessagePort;

/** The page's side of the channel, as the WebView would have it. */
final class Page {
    private static final long PATIENCE_MS = 60_000;

    final WebView view;
    private final Deque<JSONObject> heard = new ArrayDeque<>();
    private RoboWebMessagePort app;
    private int read;
    private int last = 1000;

    /** The page that an activity shows, loaded. */
    Page(MainActivity activity) {
        view = (WebView) ((ViewGroup) activity.findViewById(android.R.id.content)).getChildAt(0);
    }

    /** Has the page loaded, and takes the port that comes with it. */
    Page load() {
        int before = shadowOf(view).getCreatedPorts().size();
        shadowOf(view).getWebViewClient().onPageFinished(view, view.getUrl());
        List<RoboWebMessagePort[]> ports = shadowOf(view).getCreatedPorts();
        if (ports.size() != before + 1) throw new AssertionError("no port came");
        app = ports.get(before)[0];
        read = 0;
        return this;
    }

    /** Sends a message as it is. */
    void send(String message) {
        WebMessagePort.WebMessageCallback callback = app.getWebMessageCallback();
        callback.onMessage(app, new WebMessage(message));
    }

    /** Asks, and returns the whole reply. */
    JSONObject ask(String what, JSONObject with) throws Exception {
        int id = ++last;
        send(new JSONObject().put("id", id).put("do", what).put("with", with).toString());
        return reply(id);
    }

    /** Asks what must go well. */
    JSONObject ok(String what, JSONObject with) throws Exception {
        JSONObject reply = ask(what, with);
        if (!reply.has("ok")) throw new AssertionError(what + ": " + reply);
        return reply.getJSONObject("ok");
    }

    JSONObject reply(int id) throws Exception {
        return take(said -> said.optInt("id") == id);
    }

    JSONObject event(String name) throws Exception {
        return take(said -> name.equals(said.optString("event"))).getJSONObject("with");
    }

    interface Wanted {
        boolean is(JSONObject said);
    }

    private JSONObject take(Wanted wanted) throws Exception {
        JSONObject[] found = new JSONObject[1];
        await(() -> {
            hear();
            for (JSONObject said : heard) if (found[0] == null && wanted.is(said)) found[0] = said;
            return found[0] != null;
        });
        heard.remove(found[0]);
        return found[0];
    }

    /** All that was said and not taken. */
    Deque<JSONObject> rest() {
        shadowOf(Looper.getMainLooper()).idle();
        hear();
        return heard;
    }

    private void hear() {
        List<String> all = app.getOutgoingMessages();
        for (; read < all.size(); read++) {
            try {
                heard.add(new JSONObject(all.get(read)));
            } catch (JSONException e) {
                throw new AssertionError(all.get(read), e);
            }
        }
    }

    /** Waits for what other threads do, and lets the screen's thread work meanwhile. */
    static void await(BooleanSupplier done) throws InterruptedException {
        for (long end = System.currentTimeMillis() + PATIENCE_MS; ; Thread.sleep(5)) {
            shadowOf(Looper.getMainLooper()).idle();
            if (done.getAsBoolean()) return;
            if (System.currentTimeMillis() > end) throw new AssertionError("it did not happen");
        }
    }
}
