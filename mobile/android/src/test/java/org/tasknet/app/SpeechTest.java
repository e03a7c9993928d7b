package org.tasknet.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.content.Intent;
import android.content.pm.ApplicationInfo;
import android.content.res.Configuration;
import android.icu.text.PluralRules;
import android.net.Uri;
import android.view.View;
import android.webkit.WebResourceRequest;
import android.webkit.WebView;
import java.io.File;
import java.text.Bidi;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowToast;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What the app says by itself, in the phone's language or the one that the person chose in the pages. */
@RunWith(RobolectricTestRunner.class)
@Config(application = TestApp.class)
public class SpeechTest {
    private final App app = (App) RuntimeEnvironment.getApplication();
    private ActivityController<MainActivity> activity;

    @After
    public void close() throws Exception {
        if (activity != null) activity.pause().stop().destroy();
        app.account().close();
    }

    private Page page() {
        activity = Robolectric.buildActivity(MainActivity.class).setup();
        return new Page(activity.get()).load();
    }

    private static JSONObject tag(String tag) throws Exception {
        return new JSONObject().put("tag", tag);
    }

    private String line(int notice, String what) {
        return shadowOf(app.getSystemService(NotificationManager.class)).getNotification(notice).extras.getCharSequence(what).toString();
    }

    private NotificationChannel channel(String id) {
        return app.getSystemService(NotificationManager.class).getNotificationChannel(id);
    }

    private void push(Map<String, String> fields) throws Exception {
        Map<String, String> all = new TreeMap<>(fields);
        all.put("wake", "wak_1");
        all.put("until_ms", Long.toString(System.currentTimeMillis() + 3_600_000));
        app.waking().arrived(all);
    }

    private void missing(int answers) {
        app.found("{\"instance\":\"ab\",\"log\":false,\"answers\":" + answers + "}");
    }

    @Test
    @Config(qualifiers = "ar-ldrtl")
    public void thePhonesLanguage() throws Exception {
        assertEquals("أسئلة", channel(Notices.QUESTIONS).getName());
        assertEquals("سؤال ينتظرك.", channel(Notices.QUESTIONS).getDescription());
        missing(2);
        assertEquals("أخلف الخادم وعدًا.", line(Notices.PROMISE, Notification.EXTRA_TITLE));
        assertEquals("إجابتان لك ليستا في سجله العلني. الدليل محفوظ على هذا الهاتف.", line(Notices.PROMISE, Notification.EXTRA_TEXT));
        push(Map.of("notice", "address"));
        assertEquals("أجرتك تذهب إلى عنوان آخر.", line(Notices.MOVED, Notification.EXTRA_TITLE));
        push(Map.of("pays", "0.018", "symbol", "TST"));
        String title = line(Notices.QUESTION, Notification.EXTRA_TITLE);
        assertTrue(title, title.contains("0.018 TST") && title.endsWith("مقابل إجابة"));
        assertTrue("a line that begins with the amount runs from the right all the same", !new Bidi(title, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT).baseIsLeftToRight());
        assertEquals("هناك أسئلة لك.", line(Notices.QUESTION, Notification.EXTRA_TEXT));
        Intent tap = new Intent(app, AnswerReceiver.class).putExtra("question", "q_1").putExtra("text", "?").putExtra("choices", new String[] {"a", "b"}).putExtra("choice", 0);
        new AnswerReceiver().onReceive(app, tap);
        Page.await(() -> shadowOf(app.getSystemService(NotificationManager.class)).getNotification(Notices.ANSWER) != null);
        assertEquals("لم تُرسَل إجابة.", line(Notices.ANSWER, Notification.EXTRA_TITLE));
        assertEquals("لم يُجب الخادم. تحقق من الاتصال ثم أعد المحاولة.", line(Notices.ANSWER, Notification.EXTRA_TEXT));
        assertNotEquals("the manifest has layouts run from right to left", 0, app.getApplicationInfo().flags & ApplicationInfo.FLAG_SUPPORTS_RTL);
        assertEquals(View.LAYOUT_DIRECTION_RTL, page().view.getLayoutDirection());
    }

    @Test
    @Config(qualifiers = "ar")
    public void theLanguageThatThePersonChose() throws Exception {
        Page page = page();
        page.ok("language", tag("es"));
        assertEquals("Preguntas", channel(Notices.QUESTIONS).getName());
        missing(3);
        assertEquals("3 respuestas tuyas no están en su registro público. La prueba se guarda en este teléfono.", line(Notices.PROMISE, Notification.EXTRA_TEXT));
        assertEquals("it is kept for the next start", "es", new Speech(app).in().getResources().getConfiguration().getLocales().get(0).getLanguage());
        leave(page.view, "https://nobody.example/");
        assertEquals("Ninguna aplicación puede abrir esto.", ShadowToast.getTextOfLatestToast());

        assertEquals("bad_language", page.ask("language", tag("tlh")).getJSONObject("error").getString("code"));
        assertEquals("Preguntas", channel(Notices.QUESTIONS).getName());
        page.ok("language", tag("en"));
        assertEquals("Questions", channel(Notices.QUESTIONS).getName());
        page.ok("language", tag(""));
        assertEquals("أسئلة", channel(Notices.QUESTIONS).getName());
    }

    /** Follows a link that no app on the phone opens. */
    private void leave(WebView view, String url) {
        shadowOf(app).checkActivities(true);
        view.getWebViewClient().shouldOverrideUrlLoading(view, new WebResourceRequest() {
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
    @Config(qualifiers = "es-rMX")
    public void thePhoneSpeaksAnotherLanguage() throws Exception {
        assertEquals("the phone's own form of a language", "es-MX", spokenBy("es"));
        RuntimeEnvironment.setQualifiers("hi");
        app.onConfigurationChanged(new Configuration(app.getResources().getConfiguration()));
        assertEquals("सवाल", channel(Notices.QUESTIONS).getName());
        assertEquals("es", spokenBy("es"));
    }

    private String spokenBy(String tag) throws Exception {
        Speech speech = new Speech(app);
        speech.speak(tag);
        String locale = speech.in().getResources().getConfiguration().getLocales().get(0).toLanguageTag();
        speech.speak("");
        return locale;
    }

    /** The texts of a language by their names, a plural's with its quantity. */
    private static Map<String, String> texts(String folder) throws Exception {
        File file = new File(System.getProperty("tasknet.res"), folder + "/strings.xml");
        NodeList all = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).getDocumentElement().getChildNodes();
        Map<String, String> out = new TreeMap<>();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i).getNodeType() != Node.ELEMENT_NODE) continue;
            Element text = (Element) all.item(i);
            if (text.getAttribute("translatable").equals("false")) continue;
            NodeList items = text.getElementsByTagName("item");
            for (int j = 0; j < items.getLength(); j++) out.put(text.getAttribute("name") + " " + ((Element) items.item(j)).getAttribute("quantity"), items.item(j).getTextContent());
            if (items.getLength() == 0) out.put(text.getAttribute("name"), text.getTextContent());
        }
        return out;
    }

    private static TreeSet<String> places(String text) {
        TreeSet<String> out = new TreeSet<>();
        for (Matcher m = Pattern.compile("%\\S*?[a-z]").matcher(text); m.find(); ) out.add(m.group());
        return out;
    }

    @Test
    public void everyLanguageHasAllTexts() throws Exception {
        Map<String, String> english = texts("values");
        TreeSet<String> folders = new TreeSet<>();
        for (String folder : new File(System.getProperty("tasknet.res")).list()) if (folder.matches("values-[a-z]{2}(-r[A-Z]{2})?")) folders.add(folder);
        TreeSet<String> wanted = new TreeSet<>();
        for (String tag : Speech.LANGUAGES) if (!tag.equals("en")) wanted.add("values-" + tag);
        assertEquals(wanted, folders);
        folders.add("values");
        for (String folder : folders) {
            Map<String, String> texts = texts(folder);
            String tag = folder.equals("values") ? "en" : folder.substring(7);
            TreeSet<String> names = new TreeSet<>();
            for (String name : english.keySet()) if (!name.contains(" ")) names.add(name);
            for (String quantity : PluralRules.forLocale(Locale.forLanguageTag(tag)).getKeywords()) names.add("not_in_log " + quantity);
            assertEquals(folder, names, texts.keySet());
            for (Map.Entry<String, String> text : texts.entrySet()) {
                String name = text.getKey();
                if (!name.contains(" ")) {
                    assertEquals(folder + " " + name, places(english.get(name)), places(text.getValue()));
                    if (!tag.equals("en")) assertNotEquals(folder + " " + name, english.get(name), text.getValue());
                } else if (!name.matches(".* (one|two)")) {
                    assertEquals(folder + " " + name, places(english.get("not_in_log other")), places(text.getValue()));
                }
            }
        }
    }
}
