package org.tasknet.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Notification;
import android.app.NotificationManager;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.content.Context;
import android.content.Intent;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;

/** Answers on their whole way: from the page or a notice, through the Go library, to a server and back. */
@RunWith(RobolectricTestRunner.class)
@Config(application = TestApp.Online.class)
public class AnswerTest {
    private final App app = (App) RuntimeEnvironment.getApplication();
    private ActivityController<MainActivity> activity;
    private Page page;

    @Before
    public void open() throws Exception {
        activity = Robolectric.buildActivity(MainActivity.class).setup();
        page = new Page(activity.get()).load();
        assertEquals("", page.ok("person", new JSONObject()).getString("respondent"));
        String token = page.ok("token", new JSONObject().put("stale", "")).getString("token");
        assertTrue(token.length() > 20);
        assertTrue(page.ok("person", new JSONObject()).getString("respondent").startsWith("rsp_"));
    }

    @After
    public void close() throws Exception {
        activity.pause().stop().destroy();
        app.account().close();
    }

    /** A question of two choices that needs nothing but its text. */
    private JSONObject take() throws Exception {
        JSONArray all = page.ok("assignments", new JSONObject().put("count", 10).put("taste", new JSONObject())).getJSONArray("assignments");
        for (int i = 0; i < all.length(); i++) {
            if (Pushed.twoChoices(all.getJSONObject(i).getJSONObject("question")) != null) return all.getJSONObject(i);
        }
        throw new AssertionError("no question of two choices among " + all);
    }

    private static JSONObject answer(JSONObject assignment, int choice, int hold) throws Exception {
        return new JSONObject().put("assignment", assignment.getString("id")).put("said", new JSONObject().put("choice", choice)).put("hold_ms", hold);
    }

    @Test
    public void fromThePage() throws Exception {
        JSONObject assignment = take();
        JSONObject mine = new JSONObject().put("assignment", assignment.getString("id"));
        page.ok("answer", answer(assignment, 0, 60_000));
        assertEquals(1, page.ok("unsent", new JSONObject()).getJSONArray("answers").length());
        page.ok("undo", mine);
        page.ok("answer", answer(assignment, 1, 60_000));
        page.ok("release", new JSONObject());
        JSONObject accepted = page.event("accepted");
        assertEquals(1, accepted.getJSONObject("answer").getInt("choice"));
        assertNotNull(accepted.getJSONObject("accepted").getJSONObject("receipt"));
        assertEquals("too_late", page.ask("undo", mine).getJSONObject("error").getString("code"));
        assertEquals("already_answered", page.ask("answer", answer(assignment, 0, 0)).getJSONObject("error").getString("code"));
        JSONArray settled = page.ok("settled", new JSONObject()).getJSONArray("accepted");
        assertEquals(1, settled.length());
        assertEquals(assignment.getString("id"), settled.getJSONObject(0).getJSONObject("assignment").getString("id"));
    }

    @Test
    public void whoIsReplacedHasSentAll() throws Exception {
        JSONObject assignment = take();
        page.ok("answer", answer(assignment, 0, 60_000));
        JSONObject other = new JSONObject().put("wallet", "12".repeat(32));
        assertEquals("answers_wait", page.ask("restore", other).getJSONObject("error").getString("code"));
        page.ok("undo", new JSONObject().put("assignment", assignment.getString("id")));
        page.ok("restore", other);
    }

    @Test
    public void afterTheAppWasLeft() throws Exception {
        page.ok("answer", answer(take(), 0, 60_000));
        app.account().close(); // as when the process ends; nothing was sent
        SyncJob job = Robolectric.setupService(SyncJob.class);
        assertTrue(job.onStartJob(Shadow.newInstanceOf(JobParameters.class)));
        Page.await(() -> shadowOf(job).getIsJobFinished());
        assertEquals("nothing is left to do", false, shadowOf(job).getIsRescheduleNeeded());
        assertEquals(0, app.account().session().waiting());
        assertEquals(1, page.ok("settled", new JSONObject()).getJSONArray("accepted").length());
    }

    @Test
    public void theLogIsLookedInto() throws Exception {
        page.ok("answer", answer(take(), 1, 0));
        page.event("accepted");
        for (int tries = 1; ; tries++) { // the server's log may not have begun
            LookJob job = Robolectric.setupService(LookJob.class);
            assertTrue(job.onStartJob(Shadow.newInstanceOf(JobParameters.class)));
            Page.await(() -> shadowOf(job).getIsJobFinished());
            if (!shadowOf(job).getIsRescheduleNeeded()) break;
            assertTrue("it is done", tries < 20);
        }
        JSONObject found = page.ok("found", new JSONObject());
        assertTrue("it looked", found.getString("looked").compareTo("2") > 0);
        assertEquals(found.getJSONObject("found").toString(), page.ok("look", new JSONObject()).getJSONObject("found").toString());
        assertEquals(0, found.getJSONObject("found").getInt("answers"));
        assertNull(shown(Notices.PROMISE));
    }

    @Test
    public void whoIsErasedIsGone() throws Exception {
        JSONObject before = page.ok("person", new JSONObject());
        JSONObject assignment = take();
        page.ok("answer", answer(assignment, 0, 60_000));
        page.ok("language", new JSONObject().put("tag", "es"));
        assertEquals("Preguntas", channel());
        JSONObject all = new JSONObject().put("wallet", true);
        assertEquals("answers_wait", page.ask("erase", all).getJSONObject("error").getString("code"));
        page.ok("undo", new JSONObject().put("assignment", assignment.getString("id")));
        new Keys(app, "1").set("push", "of the transport");
        app.waking().arrived(push(assignment.getJSONObject("question"), System.currentTimeMillis() + 3_600_000));
        page.ok("piece", new JSONObject().put("at", 0).put("bytes", "AQID"));
        SyncJob.schedule(app);
        LookJob.schedule(app);

        page.ok("erase", new JSONObject().put("wallet", false));
        assertEquals(java.util.Set.of("1/tasknet.wallet"), app.getSharedPreferences("keys", Context.MODE_PRIVATE).getAll().keySet());
        assertEquals("Questions", channel());
        assertNull(shown(Notices.QUESTION));
        assertEquals(0, app.getSystemService(JobScheduler.class).getAllPendingJobs().size());
        assertEquals("bad_file", page.ask("save", new JSONObject().put("name", "a").put("type", "text/plain").put("size", 3)).getJSONObject("error").getString("code"));
        JSONObject after = page.ok("person", new JSONObject());
        assertEquals("nobody here is known to the server", "", after.getString("respondent"));
        assertEquals(before.getString("wallet"), after.getString("wallet"));
        assertNotEquals(before.getString("device"), after.getString("device"));

        page.ok("token", new JSONObject().put("stale", ""));
        assertEquals("the same wallet is the same person", before.getString("respondent"), page.ok("person", new JSONObject()).getString("respondent"));
        page.ok("erase", all);
        assertNotEquals(before.getString("wallet"), page.ok("person", new JSONObject()).getString("wallet"));
    }

    @Test
    public void byTaste() throws Exception {
        JSONObject taste = new JSONObject().put("avoids", new JSONArray().put("choice"));
        JSONArray none = page.ok("assignments", new JSONObject().put("count", 10).put("taste", taste)).getJSONArray("assignments");
        assertEquals("what is avoided is not assigned", 0, none.length());
        assertNotEquals(0, page.ok("assignments", new JSONObject().put("count", 10).put("taste", new JSONObject())).getJSONArray("assignments").length());
    }

    @Test
    public void whileThePersonIsHere() throws Exception {
        page.ok("here", new JSONObject().put("on", true));
        assertTrue(page.event("here").getBoolean("live"));
        page.ok("here", new JSONObject().put("on", true)); // a page that was loaded again
        assertTrue(page.event("here").getBoolean("live"));
        page.ok("here", new JSONObject().put("on", false));
    }

    private Notification shown(int id) {
        return shadowOf((NotificationManager) app.getSystemService(Context.NOTIFICATION_SERVICE)).getNotification(id);
    }

    private CharSequence channel() {
        return app.getSystemService(NotificationManager.class).getNotificationChannel(Notices.QUESTIONS).getName();
    }

    private static String line(Notification n, String what) {
        return n.extras.getCharSequence(what).toString();
    }

    private Map<String, String> push(JSONObject asked, long untilMs) throws Exception {
        return Map.of("wake", "wak_1", "question", asked.getString("id"), "pays", "0.018", "symbol", "TST", "until_ms", Long.toString(untilMs));
    }

    @Test
    public void fromANotice() throws Exception {
        JSONObject assignment = take();
        JSONObject asked = assignment.getJSONObject("question");
        app.waking().arrived(push(asked, System.currentTimeMillis() - 1));
        app.waking().arrived(Map.of("wake", "wak_1", "until_ms", "soon"));
        app.waking().arrived(Map.of("until_ms", "1"));
        assertNull("what comes too late or says nothing is not shown", shown(Notices.QUESTION));
        app.waking().arrived(Map.of("wake", "wak_2", "notice", "address", "until_ms", Long.toString(System.currentTimeMillis() + 3_600_000)));
        Notification moved = shown(Notices.MOVED);
        assertEquals(Notices.PAY, moved.getChannelId());
        assertEquals("Your pay goes to another address.", line(moved, Notification.EXTRA_TITLE));
        assertNull("it is no question", shown(Notices.QUESTION));
        app.waking().arrived(push(asked, System.currentTimeMillis() + 3_600_000));
        Notification notice = shown(Notices.QUESTION);
        assertEquals(Notices.QUESTIONS, notice.getChannelId());
        assertEquals("0.018 TST for an answer", line(notice, Notification.EXTRA_TITLE));
        assertEquals(asked.getString("text"), line(notice, Notification.EXTRA_TEXT));
        assertEquals(app.server() + "/?question=" + asked.getString("id"), shadowOf(notice.contentIntent).getSavedIntent().getDataString());
        assertEquals(2, notice.actions.length);
        for (int i = 0; i < 2; i++) assertEquals(asked.getJSONArray("choices").getString(i), notice.actions[i].title.toString());

        notice.actions[1].actionIntent.send();
        Page.await(() -> shown(Notices.ANSWER) != null);
        assertEquals("“" + asked.getJSONArray("choices").getString(1) + "” it is.", line(shown(Notices.ANSWER), Notification.EXTRA_TITLE));
        assertNull("the question is answered", shown(Notices.QUESTION));
        assertNotNull(app.getSystemService(JobScheduler.class).getPendingJob(SyncJob.ID));
        assertEquals(1, page.event("accepted").getJSONObject("answer").getInt("choice"));

        notice.actions[0].actionIntent.send(); // tapped again on another display
        Page.await(() -> line(shown(Notices.ANSWER), Notification.EXTRA_TITLE).equals("Not answered."));
    }

    @Test
    public void aNoticeOfAnotherText() throws Exception {
        JSONObject asked = take().getJSONObject("question");
        Intent tap = new Intent(app, AnswerReceiver.class).putExtra("question", asked.getString("id")).putExtra("text", "Is it another?").putExtra("choices", Pushed.twoChoices(asked)).putExtra("choice", 0);
        new AnswerReceiver().onReceive(app, tap);
        Page.await(() -> shown(Notices.ANSWER) != null);
        assertEquals("The question is another one by now. Open it to see.", line(shown(Notices.ANSWER), Notification.EXTRA_TEXT));
        assertEquals(0, app.account().session().waiting());
        assertNotEquals(0, new JSONObject(app.account().session().held()).getJSONArray("assignments").length());
    }
}
