package org.tasknet.app;

import android.app.NotificationManager;
import android.content.Context;
import android.content.SharedPreferences;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether questions wake this phone, and what happens when one does, whoever brings the push: PushTransport is the one of this
 * build's flavour.
 */
final class Waking {
    private static final long PATIENCE_S = 30;

    private final App app;
    private final Account account;
    private final SharedPreferences notes;
    private volatile CompletableFuture<String> turning = new CompletableFuture<>();

    Waking(App app, Account account) {
        this.app = app;
        this.account = account;
        notes = app.getSharedPreferences("waking", Context.MODE_PRIVATE);
    }

    /** As the bridge tells it: on, off, denied or never. */
    String state() {
        if (!PushTransport.present(app)) return "never";
        if (notes.contains("id")) return allowed() ? "on" : "denied";
        return notes.getBoolean("refused", false) && !allowed() ? "denied" : "off";
    }

    /** Asks the person, then the transport for a place to push to, and tells the server of it. */
    String turnOn(Requested.Screen screen) throws Exception {
        if (!PushTransport.present(app)) return "never";
        if (!allowed() && !screen.askToNotify()) {
            notes.edit().putBoolean("refused", true).apply();
            return "denied";
        }
        CompletableFuture<String> place = new CompletableFuture<>();
        turning = place;
        notes.edit().remove("refused").putBoolean("wanted", true).apply();
        PushTransport.register(app, account.keys());
        try {
            place.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Exception("push_unavailable: The service that wakes this phone did not answer. Try again later.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
        }
        return state();
    }

    String turnOff() throws Exception {
        String id = notes.getString("id", null);
        notes.edit().remove("id").remove("wanted").apply();
        PushTransport.unregister(app);
        if (id != null) account.session().wakeNoMore(null, id);
        return state();
    }

    /** The server has forgotten where this phone is woken. */
    void forget() {
        if (notes.contains("wanted") || notes.contains("id")) PushTransport.unregister(app);
        notes.edit().clear().apply();
    }

    /** The transport has a place to push to, which may be a new one. Waits for the server. */
    void placed(String place) throws Exception {
        if (!notes.getBoolean("wanted", false)) return;
        try {
            notes.edit().putString("id", account.session().wake(null, place)).apply();
            turning.complete(place);
        } catch (Exception e) {
            turning.completeExceptionally(e);
            throw e;
        }
    }

    /** The transport cannot wake this phone, or not any more. */
    void lost() {
        notes.edit().remove("id").apply();
        turning.completeExceptionally(new Exception("push_unavailable: The service that wakes this phone does not do so now. Try again later."));
    }

    /** A push has come. Its fields are what server/push writes. */
    void arrived(Map<String, String> push) throws Exception {
        Pushed pushed = Pushed.of(push);
        if (pushed == null || !pushed.waits()) return;
        if (pushed.notice != null) Notices.moved(app);
        else Notices.question(app, pushed.complete(account.session()));
    }

    private boolean allowed() {
        return app.getSystemService(NotificationManager.class).areNotificationsEnabled();
    }
}
