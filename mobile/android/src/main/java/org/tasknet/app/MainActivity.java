package org.tasknet.app;

import android.annotation.SuppressLint;
import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.ComponentCallbacks2;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.graphics.Bitmap;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.view.HapticFeedbackConstants;
import android.webkit.RenderProcessGoneDetail;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebSettings;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import android.widget.Toast;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.json.JSONException;
import org.json.JSONObject;

/** The one screen: the web app's pages. */
public class MainActivity extends Activity implements Requested.Screen {
    private static final int CHOOSE = 1;
    private static final int NOTIFY = 2;
    private static final int SAVE = 3;
    private static final String AGENT = " TaskNetApp/1";

    private App app;
    private String origin;
    private WebView view;
    private PageChannel channel;
    private Runnable leaveBack; // gives the back gesture back; null while there is no page to go back to
    private ValueCallback<Uri[]> choosing;
    private CompletableFuture<Boolean> asking;

    @Override
    protected void onCreate(Bundle before) {
        super.onCreate(before);
        app = (App) getApplication();
        origin = Origins.of(Uri.parse(app.server()));
        view = makeView();
        channel = new PageChannel(view, origin);
        channel.leadTo(new Door(origin, new Requested(app, this), app.workers(), channel));
        app.tellTo(channel);
        setContentView(view);
        boolean shared = before == null && app.shares().keep(getIntent());
        if (before == null || view.restoreState(before) == null) view.loadUrl(origin + (shared ? "/ask" : pathOf(getIntent())));
    }

    @SuppressLint("SetJavaScriptEnabled")
    private WebView makeView() {
        WebView made = new WebView(this);
        WebSettings settings = made.getSettings();
        settings.setJavaScriptEnabled(true); // of the APK's own files alone: their policy lets no other run
        settings.setDomStorageEnabled(true);
        settings.setAllowFileAccess(false);
        settings.setAllowContentAccess(false);
        settings.setMixedContentMode(WebSettings.MIXED_CONTENT_NEVER_ALLOW);
        settings.setUserAgentString(settings.getUserAgentString() + AGENT);
        made.setWebViewClient(new Pages());
        made.setWebChromeClient(new Chooser());
        return made;
    }

    /** The page that an intent leads to. Another server's address leads to the start. */
    private String pathOf(Intent intent) {
        Uri at = intent.getData();
        if (!Intent.ACTION_VIEW.equals(intent.getAction()) || !origin.equals(Origins.of(at)) || at.getPath() == null || at.getPath().isEmpty()) return "/";
        String query = at.getEncodedQuery();
        String fragment = at.getEncodedFragment(); // has the code by which a key comes from another phone
        return at.getEncodedPath() + (query == null ? "" : "?" + query) + (fragment == null ? "" : "#" + fragment);
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        setIntent(intent);
        if (app.shares().keep(intent)) app.tell("shared", "{}");
        else if (Intent.ACTION_VIEW.equals(intent.getAction())) app.tell("go", path(pathOf(intent)));
    }

    private static String path(String path) {
        try {
            return new JSONObject().put("path", path).toString();
        } catch (JSONException e) {
            throw new AssertionError(e); // a name that is not null
        }
    }

    @Override
    protected void onSaveInstanceState(Bundle out) {
        super.onSaveInstanceState(out);
        view.saveState(out);
    }

    @Override
    protected void onResume() {
        super.onResume();
        view.onResume();
        app.inBackground(() -> app.account().session().online());
    }

    @Override
    protected void onPause() {
        view.onPause();
        super.onPause();
    }

    @Override
    protected void onStop() {
        super.onStop();
        app.inBackground(() -> app.visit().turn(false));
        app.inBackground(() -> { // nobody is there any more who could take an answer back
            app.account().session().release();
            if (app.account().session().waiting() > 0) SyncJob.schedule(app);
        });
    }

    @Override
    public void onTrimMemory(int level) {
        super.onTrimMemory(level);
        if (level >= ComponentCallbacks2.TRIM_MEMORY_BACKGROUND || level == ComponentCallbacks2.TRIM_MEMORY_RUNNING_CRITICAL) view.clearCache(false);
    }

    @Override
    protected void onDestroy() {
        app.tellTo(event -> {});
        channel.close();
        view.destroy();
        if (asking != null) asking.complete(false);
        if (isFinishing()) app.saves().chosen(null);
        super.onDestroy();
    }

    @Override
    public void onBackPressed() {
        if (view.canGoBack()) view.goBack();
        else super.onBackPressed();
    }

    /** Takes the back gesture while there is a page to go back to, so that else the platform can show where it leads. */
    private void followHistory() {
        if (Build.VERSION.SDK_INT < Since33.SDK) return; // onBackPressed does
        if (view.canGoBack() && leaveBack == null) {
            leaveBack = Since33.takeBack(this, () -> view.goBack());
        } else if (!view.canGoBack() && leaveBack != null) {
            leaveBack.run();
            leaveBack = null;
        }
    }

    @Override
    public void tick() {
        runOnUiThread(() -> view.performHapticFeedback(HapticFeedbackConstants.KEYBOARD_TAP));
    }

    @Override
    public boolean askToNotify() throws InterruptedException {
        if (Build.VERSION.SDK_INT < Since33.SDK) return false; // turned off in the settings, where alone it can be turned on
        if (checkSelfPermission(Since33.NOTIFY) == PackageManager.PERMISSION_GRANTED) return false;
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        runOnUiThread(() -> {
            if (asking != null) asking.complete(false);
            asking = answer;
            requestPermissions(new String[] {Since33.NOTIFY}, NOTIFY);
        });
        try {
            return answer.get();
        } catch (ExecutionException e) {
            return false;
        }
    }

    @Override
    public void onRequestPermissionsResult(int request, String[] names, int[] results) {
        if (request == NOTIFY && asking != null) asking.complete(results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED);
    }

    @Override
    public void askWhere(String name, String type) {
        Intent create = new Intent(Intent.ACTION_CREATE_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType(type).putExtra(Intent.EXTRA_TITLE, name);
        runOnUiThread(() -> {
            try {
                startActivityForResult(create, SAVE);
            } catch (ActivityNotFoundException e) {
                app.saves().impossible(e);
            }
        });
    }

    @Override
    protected void onActivityResult(int request, int result, Intent data) {
        if (request == SAVE) {
            Uri to = result == RESULT_OK && data != null ? data.getData() : null;
            app.inBackground(() -> app.saves().chosen(to));
        }
        if (request != CHOOSE || choosing == null) return;
        choosing.onReceiveValue(WebChromeClient.FileChooserParams.parseResult(result, data));
        choosing = null;
    }

    /** Opens an address that is not the app's. */
    private void openElsewhere(Uri url) {
        String scheme = url.getScheme();
        if (!"https".equals(scheme) && !"http".equals(scheme) && !"mailto".equals(scheme)) return; // an intent: could start anything
        try {
            startActivity(new Intent(Intent.ACTION_VIEW, url).addCategory(Intent.CATEGORY_BROWSABLE));
        } catch (ActivityNotFoundException e) {
            Toast.makeText(this, app.speech().in().getText(R.string.no_browser), Toast.LENGTH_SHORT).show();
        }
    }

    /** What the pages load and where they lead. */
    private final class Pages extends WebViewClient {
        private final Files files = new Files(getAssets(), origin);

        @Override
        public WebResourceResponse shouldInterceptRequest(WebView in, WebResourceRequest request) {
            return files.reply(request.getMethod(), request.getUrl(), request.isForMainFrame());
        }

        @Override
        public boolean shouldOverrideUrlLoading(WebView in, WebResourceRequest request) {
            if (origin.equals(Origins.of(request.getUrl()))) return false;
            if (request.isForMainFrame()) openElsewhere(request.getUrl());
            return true;
        }

        @Override
        public void onPageStarted(WebView in, String url, Bitmap icon) {
            channel.close();
        }

        @Override
        public void onPageFinished(WebView in, String url) {
            channel.open();
        }

        @Override
        public void doUpdateVisitedHistory(WebView in, String url, boolean again) {
            followHistory();
        }

        @Override
        public boolean onRenderProcessGone(WebView in, RenderProcessGoneDetail how) {
            recreate(); // the phone was short of memory; the page comes back as it does after a start
            return true;
        }
    }

    /** Lets pages ask for a file. */
    private final class Chooser extends WebChromeClient {
        @Override
        public boolean onShowFileChooser(WebView in, ValueCallback<Uri[]> chosen, FileChooserParams what) {
            if (choosing != null) choosing.onReceiveValue(null);
            choosing = chosen;
            try {
                startActivityForResult(what.createIntent(), CHOOSE);
            } catch (ActivityNotFoundException e) {
                choosing.onReceiveValue(null);
                choosing = null;
            }
            return true;
        }
    }
}
