package org.tasknet.app;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.Notification;
import android.app.NotificationManager;
import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.content.ComponentCallbacks2;
import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.res.Configuration;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowActivity;

/** The screen's life: how it is started, left, killed and come back to. */
@RunWith(RobolectricTestRunner.class)
@Config(application = TestApp.class)
public class ScreenTest {
    private static final String OWN = TestApp.NOWHERE;

    private final App app = (App) RuntimeEnvironment.getApplication();
    private ActivityController<MainActivity> activity;

    private WebView start(Intent intent) {
        activity = Robolectric.buildActivity(MainActivity.class, intent).setup();
        return view();
    }

    private WebView view() {
        return new Page(activity.get()).view;
    }

    @After
    public void close() throws Exception {
        if (activity != null) activity.pause().stop().destroy();
        app.account().close();
    }

    private static Intent link(String url) {
        return new Intent(Intent.ACTION_VIEW, Uri.parse(url));
    }

    @Test
    public void links() {
        assertEquals(OWN + "/", start(new Intent(Intent.ACTION_MAIN)).getUrl());
        for (String[] c : new String[][] {
            {OWN + "/?question=q_1", OWN + "/?question=q_1"},
            {OWN + "/earned", OWN + "/earned"},
            {OWN + "/move#mov_1.ab", OWN + "/move#mov_1.ab"},
            {OWN + "/a%2Fb", OWN + "/a%2Fb"},
            {OWN, OWN + "/"},
            {"https://evil.example/earned", OWN + "/"},
            {"javascript:alert(1)", OWN + "/"},
            {"file:///data/data/org.tasknet.app/shared_prefs/keys.xml", OWN + "/"},
            {OWN.replace("//", "//me@") + "/earned", OWN + "/"},
        }) {
            assertEquals(c[0], c[1], start(link(c[0])).getUrl());
        }
    }

    @Test
    public void aLinkWhileItIsOpenMovesThePage() throws Exception {
        start(new Intent(Intent.ACTION_MAIN));
        Page page = new Page(activity.get()).load();
        activity.newIntent(link(OWN + "/?question=q_1"));
        assertEquals("/?question=q_1", page.event("go").getString("path"));
    }

    /** Another app, with a picture. */
    public static class Gallery extends ContentProvider {
        static final Set<String> CALLED = ConcurrentHashMap.newKeySet();

        @Override
        public boolean onCreate() {
            return true;
        }

        @Override
        public Bundle call(String method, String arg, Bundle extras) {
            CALLED.add(method + " " + extras.getParcelable("uri"));
            return null;
        }

        @Override
        public String getType(Uri uri) {
            return uri.getPath().endsWith(".txt") ? "text/plain" : "image/png";
        }

        @Override
        public Cursor query(Uri uri, String[] projection, String selection, String[] args, String order) {
            return null;
        }

        @Override
        public Uri insert(Uri uri, ContentValues values) {
            return null;
        }

        @Override
        public int delete(Uri uri, String selection, String[] args) {
            return 0;
        }

        @Override
        public int update(Uri uri, ContentValues values, String selection, String[] args) {
            return 0;
        }
    }

    private Intent share(String text, String picture, byte[] bytes) {
        Intent intent = new Intent(Intent.ACTION_SEND).setType("image/png");
        if (text != null) intent.putExtra(Intent.EXTRA_TEXT, text);
        if (picture != null) {
            intent.putExtra(Intent.EXTRA_STREAM, Uri.parse(picture));
            shadowOf(app.getContentResolver()).registerInputStream(Uri.parse(picture), new ByteArrayInputStream(bytes));
        }
        return intent;
    }

    @Test
    public void whatIsShared() throws Exception {
        Robolectric.buildContentProvider(Gallery.class).create("gallery");
        assertEquals(OWN + "/ask", start(share("a thing", "content://gallery/1", new byte[] {1, 2, 3})).getUrl());
        Page page = new Page(activity.get()).load();
        JSONObject got = page.ok("shared", new JSONObject());
        assertEquals("{text=a thing, type=image/png, picture=AQID}", "{text=" + got.getString("text") + ", type=" + got.getString("type") + ", picture=" + got.getString("picture") + "}");
        assertEquals("once", "{\"text\":\"\"}", page.ok("shared", new JSONObject()).toString());

        activity.newIntent(share("more", null, null));
        page.event("shared");
        assertEquals("{\"text\":\"more\"}", page.ok("shared", new JSONObject()).toString());
        for (Intent odd : new Intent[] {
            share("odd", "content://gallery/1.txt", new byte[] {1}),
            share("odd", "file:///data/data/org.tasknet.app/shared_prefs/keys.xml", new byte[] {1}),
            share("odd", "content://gallery/large", new byte[Shares.PICTURE_MOST + 1]),
        }) {
            activity.newIntent(odd);
            assertEquals("{\"text\":\"odd\"}", page.ok("shared", new JSONObject()).toString());
        }
        assertFalse("a file could be one of ours", app.shares().keep(share(null, "file:///data/data/org.tasknet.app/shared_prefs/keys.xml", new byte[] {1})));
        activity.newIntent(share("x".repeat(Shares.TEXT_MOST + 1), null, null));
        assertEquals(Shares.TEXT_MOST, page.ok("shared", new JSONObject()).getString("text").length());
    }

    @Test
    public void back() {
        WebView view = start(new Intent(Intent.ACTION_MAIN));
        activity.get().onBackPressed();
        assertTrue("without a page before it, the app is left", activity.get().isFinishing());
        view = start(new Intent(Intent.ACTION_MAIN));
        shadowOf(view).setCanGoBack(true);
        activity.get().onBackPressed();
        assertEquals(1, shadowOf(view).getGoBackInvocations());
        assertFalse(activity.get().isFinishing());
    }

    @Test
    public void rotationKeepsThePageAndDeathBringsItBack() throws Exception {
        WebView view = start(link(OWN + "/earned"));
        Configuration turned = new Configuration(app.getResources().getConfiguration());
        turned.orientation = Configuration.ORIENTATION_LANDSCAPE;
        activity.configurationChange(turned);
        assertSame(view, view());

        shadowOf(view).pushEntryToHistory(OWN + "/answered");
        Bundle kept = new Bundle();
        activity.pause().stop().saveInstanceState(kept).destroy();
        activity = Robolectric.buildActivity(MainActivity.class, link(OWN + "/earned")).setup(kept);
        assertEquals("not where it was started, but where it was left", OWN + "/answered", view().getUrl());
    }

    @Test
    public void shortOfMemory() {
        WebView view = start(new Intent(Intent.ACTION_MAIN));
        activity.get().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN);
        assertFalse(shadowOf(view).wasClearCacheCalled());
        activity.get().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_COMPLETE);
        assertTrue(shadowOf(view).wasClearCacheCalled());
        assertTrue("the app outlives the renderer", view.getWebViewClient().onRenderProcessGone(view, null));
    }

    private static final Uri PLACE = Uri.parse("content://documents/document/1");

    private static JSONObject file(String name, int size) throws Exception {
        return new JSONObject().put("name", name).put("type", "application/json").put("size", size);
    }

    /** Has a page ask for a file to be saved, and returns the question to the person, which the platform would show. */
    private ShadowActivity.IntentForResult asked(Page page, int id, byte[]... pieces) throws Exception {
        int at = 0;
        for (byte[] piece : pieces) {
            page.ok("piece", new JSONObject().put("at", at).put("bytes", java.util.Base64.getEncoder().encodeToString(piece)));
            at += piece.length;
        }
        page.send(new JSONObject().put("id", id).put("do", "save").put("with", file("tasknet-my-data.json", at)).toString());
        ShadowActivity.IntentForResult[] found = new ShadowActivity.IntentForResult[1];
        Page.await(() -> (found[0] = shadowOf(activity.get()).getNextStartedActivityForResult()) != null);
        return found[0];
    }

    @Test
    public void savingAFile() throws Exception {
        start(new Intent(Intent.ACTION_MAIN));
        Page page = new Page(activity.get()).load();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        shadowOf(app.getContentResolver()).registerOutputStream(PLACE, written);
        byte[] part = new byte[] {0, -1, 7};
        ShadowActivity.IntentForResult question = asked(page, 1, part, part);
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, question.intent.getAction());
        assertEquals("application/json", question.intent.getType());
        assertEquals("tasknet-my-data.json", question.intent.getStringExtra(Intent.EXTRA_TITLE));
        assertTrue(question.intent.hasCategory(Intent.CATEGORY_OPENABLE));
        page.ok("piece", new JSONObject().put("at", 0).put("bytes", ""));
        assertEquals("one at a time", "busy", page.ask("save", file("b.json", 0)).getJSONObject("error").getString("code"));
        shadowOf(activity.get()).receiveResult(question.intent, Activity.RESULT_OK, new Intent().setData(PLACE));
        assertEquals("saved", page.reply(1).getJSONObject("ok").getString("state"));
        assertArrayEquals(new byte[] {0, -1, 7, 0, -1, 7}, written.toByteArray());
        assertEquals("what was saved is forgotten", "bad_file", page.ask("save", file("b.json", 6)).getJSONObject("error").getString("code"));

        shadowOf(activity.get()).receiveResult(asked(page, 2, part).intent, Activity.RESULT_CANCELED, null);
        assertEquals("cancelled", page.reply(2).getJSONObject("ok").getString("state"));

        shadowOf(app.getContentResolver()).registerOutputStream(PLACE, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the disk is full");
            }
        });
        shadowOf(activity.get()).receiveResult(asked(page, 3, part).intent, Activity.RESULT_OK, new Intent().setData(PLACE));
        assertEquals("not_saved", page.reply(3).getJSONObject("error").getString("code"));

        asked(page, 4, part);
        activity.get().finish();
        activity.pause().stop().destroy();
        start(new Intent(Intent.ACTION_MAIN));
        page = new Page(activity.get()).load();
        question = asked(page, 5, part); // nobody waits any more for the screen that has gone
        activity.recreate(); // as when the platform was short of memory while the person looked for a place
        written.reset();
        shadowOf(app.getContentResolver()).registerOutputStream(PLACE, written);
        app.saves().chosen(PLACE);
        Page.await(() -> written.size() == part.length);
    }

    @Test
    public void aPlaceForAFileThatIsGone() throws Exception {
        Robolectric.buildContentProvider(Gallery.class).create("documents");
        start(new Intent(Intent.ACTION_MAIN));
        activity.get().onActivityResult(3, Activity.RESULT_OK, new Intent().setData(PLACE));
        Page.await(() -> Gallery.CALLED.contains("android:deleteDocument " + PLACE));
    }

    @Test
    public void tooLargeAFile() throws Exception {
        app.saves().piece(0, java.util.Base64.getEncoder().encodeToString(new byte[Saves.MOST]));
        Exception e = assertThrows(Exception.class, () -> app.saves().piece(Saves.MOST, "AA=="));
        assertTrue(e.getMessage(), e.getMessage().startsWith("too_large: "));
        e = assertThrows(Exception.class, () -> app.saves().piece(Saves.MOST, "AA=="));
        assertTrue("nothing is kept of it", e.getMessage().startsWith("bad_file: "));
    }

    private WebResourceResponse reply(String method, String url, boolean page) {
        return new Files(app.getAssets(), OWN).reply(method, Uri.parse(url), page);
    }

    private static String text(WebResourceResponse reply) throws Exception {
        return new String(reply.getData().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    public void filesComeFromTheApkAndTheRestFromTheServer() throws Exception {
        String index = text(reply("GET", OWN + "/", true));
        assertTrue(index, index.contains("<div id=\"app\">"));
        for (String page : new String[] {"/earned", "/?question=q_1", "/console/q/q_1", "/../secrets", "/%2e%2e/keys.xml"}) assertEquals(page, index, text(reply("GET", OWN + page, true)));
        WebResourceResponse mark = reply("GET", OWN + "/mark.svg", false);
        assertEquals("image/svg+xml", mark.getMimeType());
        assertEquals(Files.POLICY, mark.getResponseHeaders().get("Content-Security-Policy"));
        for (String script : app.getAssets().list("web/assets")) {
            if (script.endsWith(".js")) assertEquals("text/javascript", reply("GET", OWN + "/assets/" + script, false).getMimeType());
        }
        for (String url : new String[] {OWN + "/v1/instance", OWN + "/media/1", OWN + "/log/checkpoint", OWN + "/docs", OWN + "/openapi.json", "https://evil.example/", OWN + "0/", OWN.replace("//", "//a@") + "/"}) assertNull(url, reply("GET", url, true));
        assertNull(reply("POST", OWN + "/", true));
        assertNull("what is missing is the server's to tell", reply("GET", OWN + "/assets/none.js", false));
    }

    @Test
    public void whatPagesMayNot() {
        WebView view = start(new Intent(Intent.ACTION_MAIN));
        assertFalse(view.getSettings().getAllowFileAccess());
        assertFalse(view.getSettings().getAllowContentAccess());
        for (String own : new String[] {OWN + "/earned", OWN + "/docs"}) assertFalse(own, leave(view, own));
        assertNull(shadowOf(activity.get()).getNextStartedActivity());
        for (String odd : new String[] {"intent://scan/#Intent;scheme=zxing;end", "file:///etc/hosts", "javascript:alert(1)", "tel:1"}) {
            assertTrue(odd, leave(view, odd));
            assertNull(odd, shadowOf(activity.get()).getNextStartedActivity());
        }
        assertTrue(leave(view, "https://other.example/a"));
        assertEquals(Uri.parse("https://other.example/a"), shadowOf(activity.get()).getNextStartedActivity().getData());
    }

    private static boolean leave(WebView view, String url) {
        return view.getWebViewClient().shouldOverrideUrlLoading(view, new WebResourceRequest() {
            @Override
            public Uri getUrl() {
                return Uri.parse(url);
            }

            @Override
            public boolean isForMainFrame() {
                return true;
            }

            @Override
            public boolean isRedirect() {
                return false;
            }

            @Override
            public boolean hasGesture() {
                return true;
            }

            @Override
            public String getMethod() {
                return "GET";
            }

            @Override
            public Map<String, String> getRequestHeaders() {
                return Map.of();
            }
        });
    }

    @Test
    public void permissionToNotify() throws Exception {
        for (int result : new int[] {PackageManager.PERMISSION_DENIED, PackageManager.PERMISSION_GRANTED}) {
            start(new Intent(Intent.ACTION_MAIN));
            Object before = shadowOf(activity.get()).getLastRequestedPermission();
            CompletableFuture<Boolean> said = CompletableFuture.supplyAsync(() -> {
                try {
                    return activity.get().askToNotify();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Page.await(() -> shadowOf(activity.get()).getLastRequestedPermission() != before);
            activity.get().onRequestPermissionsResult(shadowOf(activity.get()).getLastRequestedPermission().requestCode, new String[] {"android.permission.POST_NOTIFICATIONS"}, new int[] {result});
            assertEquals(result == PackageManager.PERMISSION_GRANTED, said.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aDelayIsAJobForLater() {
        JobScheduler jobs = app.getSystemService(JobScheduler.class);
        app.delayed("unreachable", "The server did not answer.");
        app.delayed("unreachable", "The server did not answer.");
        JobInfo job = jobs.getPendingJob(SyncJob.ID);
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job.getNetworkType());
        assertTrue("it outlives a restart of the phone", job.isPersisted());
        assertEquals(1, jobs.getAllPendingJobs().size());
    }

    private Notification promise() {
        return shadowOf(app.getSystemService(NotificationManager.class)).getNotification(Notices.PROMISE);
    }

    @Test
    public void aBrokenPromiseIsToldUntilItIsKept() throws Exception {
        start(new Intent(Intent.ACTION_MAIN));
        Page page = new Page(activity.get()).load();
        app.found("{\"instance\":\"ab\",\"log\":false,\"answers\":1}");
        assertEquals(1, page.event("found").getInt("answers"));
        assertEquals("An answer of yours is not in its public log. What shows it is kept on this phone.", promise().extras.getCharSequence(Notification.EXTRA_TEXT).toString());
        app.found("{\"instance\":\"ab\",\"log\":false,\"answers\":3}");
        assertTrue(promise().extras.getCharSequence(Notification.EXTRA_TEXT).toString().startsWith("3 answers of yours are not"));
        app.found("{\"instance\":\"ab\",\"log\":true,\"answers\":3}");
        assertTrue(promise().extras.getCharSequence(Notification.EXTRA_TEXT).toString().startsWith("Its public log is not"));
        assertEquals(Notices.PROMISES, promise().getChannelId());
        activity.newIntent(shadowOf(promise().contentIntent).getSavedIntent());
        assertEquals("it opens the page with the evidence", "/answered", page.event("go").getString("path"));
        app.found("{\"instance\":\"ab\",\"log\":false,\"answers\":0}");
        assertNull(promise());
    }

    @Test
    public void theLogIsLookedIntoWhileTheAppIsClosed() {
        JobScheduler jobs = app.getSystemService(JobScheduler.class);
        assertNull("nothing was promised yet", jobs.getPendingJob(LookJob.ID));
        app.accepted("{}");
        app.accepted("{}");
        JobInfo job = jobs.getPendingJob(LookJob.ID);
        assertTrue("it outlives a restart of the phone", job.isPersisted() && job.isPeriodic());
        assertEquals(4 * 3_600_000, job.getIntervalMillis());
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job.getNetworkType());
        assertEquals(1, jobs.getAllPendingJobs().size());
    }
}
