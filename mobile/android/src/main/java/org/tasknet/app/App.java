package org.tasknet.app;

import android.app.Application;
import android.app.NotificationManager;
import android.app.job.JobScheduler;
import android.content.res.Configuration;
import android.net.ConnectivityManager;
import android.net.Network;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.json.JSONException;
import org.json.JSONObject;
import org.tasknet.sdk.Listener;

/** What lives as long as the process: the account, who is told what happens to answers, and the threads that wait for disk and network. */
public class App extends Application implements Listener {
    private static final int THREADS = 8;

    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    private Account account;
    private Waking waking;
    private Shares shares;
    private Saves saves;
    private Visit visit;
    private Speech speech;
    private volatile Consumer<String> page = event -> {};

    @Override
    public void onCreate() {
        super.onCreate();
        account = new Account(this, server(), this);
        waking = new Waking(this, account);
        shares = new Shares(this);
        saves = new Saves(this);
        visit = new Visit(account, this::tell);
        speech = new Speech(this);
        Notices.makeChannels(this);
        getSystemService(ConnectivityManager.class).registerDefaultNetworkCallback(new ConnectivityManager.NetworkCallback() {
            @Override
            public void onAvailable(Network network) {
                inBackground(() -> account.session().online());
            }
        });
    }

    /** The server's address. It is also the origin of the pages. */
    String server() {
        return getString(R.string.server);
    }

    Account account() {
        return account;
    }

    Waking waking() {
        return waking;
    }

    Shares shares() {
        return shares;
    }

    Saves saves() {
        return saves;
    }

    Visit visit() {
        return visit;
    }

    Speech speech() {
        return speech;
    }

    /** What the app says by itself is said in this language from now on; an empty one is the phone's. */
    void speak(String language) throws Exception {
        speech.speak(language);
        Notices.makeChannels(this);
    }

    @Override
    public void onConfigurationChanged(Configuration now) {
        super.onConfigurationChanged(now);
        Notices.makeChannels(this); // the phone may speak another language
    }

    /** Has the person erased, at the server and here: what this app keeps of them goes, but for the wallet's key where they keep that. */
    void erase(boolean wallet) throws Exception {
        account.erase(wallet);
        waking.forget();
        saves.forget();
        speech.forget();
        Notices.makeChannels(this);
        getSystemService(NotificationManager.class).cancelAll();
        getSystemService(JobScheduler.class).cancel(SyncJob.ID);
        getSystemService(JobScheduler.class).cancel(LookJob.ID);
    }

    ExecutorService workers() {
        return workers;
    }

    interface Work {
        void run() throws Exception;
    }

    /** Does work that nobody waits for; what fails is tried again by what comes later, and said then. */
    void inBackground(Work work) {
        workers.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                android.util.Log.w("TaskNet", e.getMessage()); // a code and a sentence, and no secret
            }
        });
    }

    /** Tells events to a page, until another one takes its place. Nothing is told while there is none: pages ask when they come. */
    void tellTo(Consumer<String> page) {
        this.page = page;
    }

    void tell(String event, String with) {
        page.accept(Door.event(event, with));
    }

    @Override
    public void accepted(String answer) {
        tell("accepted", answer);
        LookJob.schedule(this); // its receipt promises something from now on
    }

    @Override
    public void refused(String answer) {
        tell("refused", answer);
    }

    @Override
    public void expired(String assignment) {
        tell("expired", assignment);
    }

    @Override
    public void delayed(String code, String text) {
        try {
            tell("delayed", new JSONObject().put("code", code).put("text", text).toString());
        } catch (JSONException e) {
            throw new AssertionError(e); // names that are not null
        }
        SyncJob.schedule(this);
    }

    @Override
    public void found(String found) {
        tell("found", found);
        try {
            JSONObject wrong = new JSONObject(found);
            Notices.promise(this, wrong.getBoolean("log"), wrong.getInt("answers"));
        } catch (JSONException e) {
            throw new AssertionError(e); // the SDK's own words
        }
    }
}
