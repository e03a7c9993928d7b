package org.tasknet.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** The cases of mobile/bridge, through the activity's own channel to the Go library. */
@RunWith(RobolectricTestRunner.class)
@Config(application = TestApp.class)
public class BridgeTest {
    private final App app = (App) RuntimeEnvironment.getApplication();
    private ActivityController<MainActivity> activity;
    private Page page;
    private JSONObject contract;

    @Before
    public void open() throws Exception {
        contract = new JSONObject(new String(Files.readAllBytes(Path.of(System.getProperty("tasknet.cases"))), StandardCharsets.UTF_8));
        activity = Robolectric.buildActivity(MainActivity.class).setup();
        page = new Page(activity.get()).load();
    }

    @After
    public void close() throws Exception {
        activity.pause().stop().destroy();
        app.account().close();
    }

    @Test
    public void cases() throws Exception {
        JSONArray cases = contract.getJSONArray("app");
        for (int i = 0; i < cases.length(); i++) {
            JSONObject c = cases.getJSONObject(i);
            String name = c.getString("name");
            String message = c.getString("send") + "x".repeat(c.optInt("pad"));
            if (c.has("origin") || c.has("frame")) {
                List<String> said = new ArrayList<>();
                Door door = new Door(TestApp.NOWHERE, new Requested(app, activity.get()), Runnable::run, said::add);
                door.receive(c.optString("origin", TestApp.NOWHERE).replace("${own}", TestApp.NOWHERE), !c.optBoolean("frame"), message);
                assertEquals(name, List.of(), said);
                door.receive(TestApp.NOWHERE, true, message); // it is the origin or the frame that is wrong with it
                assertEquals(name, 1, said.size());
                continue;
            }
            page.send(message);
            if (c.optBoolean("silent")) {
                page.ok("unsent", new JSONObject()); // what comes after it is answered
                assertTrue(name + ": " + page.rest(), page.rest().isEmpty());
                continue;
            }
            JSONObject reply = page.reply(new JSONObject(message).getInt("id"));
            if (c.has("error")) {
                assertEquals(name, c.getString("error"), reply.getJSONObject("error").getString("code"));
                assertTrue(name, reply.getJSONObject("error").getString("text").endsWith("."));
                continue;
            }
            JSONObject want = c.getJSONObject("ok");
            for (Iterator<String> fields = want.keys(); fields.hasNext(); ) {
                String field = fields.next();
                assertEquals(name + ": " + field, String.valueOf(want.get(field)), String.valueOf(reply.getJSONObject("ok").get(field)));
            }
        }
        assertTrue(cases.length() > 25);
    }

    @Test
    public void theTable() throws Exception {
        Map<String, Map<String, String>> ours = new HashMap<>();
        Requested.FIELDS.forEach((name, fields) -> {
            Map<String, String> types = new HashMap<>();
            fields.forEach((field, type) -> types.put(field, type == JSONObject.class ? "object" : type == Integer.class ? "number" : type.getSimpleName().toLowerCase()));
            ours.put(name, types);
        });
        Map<String, Map<String, String>> theirs = new HashMap<>();
        JSONObject requests = contract.getJSONObject("requests");
        for (Iterator<String> names = requests.keys(); names.hasNext(); ) {
            String name = names.next();
            Map<String, String> types = new HashMap<>();
            for (Iterator<String> fields = requests.getJSONObject(name).keys(); fields.hasNext(); ) {
                String field = fields.next();
                types.put(field, requests.getJSONObject(name).getString(field));
            }
            theirs.put(name, types);
        }
        assertEquals(theirs, ours);
        JSONObject limits = contract.getJSONObject("limits");
        assertEquals(List.of(Door.REQUEST_MOST, Door.IN_FLIGHT, Door.REPLY_MOST, Saves.MOST), List.of(limits.getInt("request"), limits.getInt("in_flight"), limits.getInt("reply"), limits.getInt("file")));
        Set<String> spoken = new HashSet<>();
        JSONArray languages = contract.getJSONArray("languages");
        for (int i = 0; i < languages.length(); i++) spoken.add(languages.getString(i));
        assertEquals(spoken, Speech.LANGUAGES);
        assertTrue(page.view.getSettings().getUserAgentString().endsWith(" " + contract.getString("agent")));
    }

    @Test
    public void whatPagesSend() throws Exception {
        List<String> handled = new ArrayList<>();
        List<String> said = new ArrayList<>();
        Door door = new Door("https://own", (what, with) -> {
            handled.add(what + " " + with);
            return "{}";
        }, Runnable::run, said::add);
        JSONArray cases = contract.getJSONArray("page");
        for (int i = 0; i < cases.length(); i++) {
            JSONObject sends = cases.getJSONObject(i).getJSONObject("sends");
            door.receive("https://own", true, new JSONObject().put("id", i + 1).put("do", sends.getString("do")).put("with", sends.getJSONObject("with")).toString());
            assertEquals(sends.getString("do") + " " + sends.getJSONObject("with"), handled.get(i));
            assertEquals("{\"id\":" + (i + 1) + ",\"ok\":{}}", said.get(i));
        }
    }

    @Test
    public void tooManyAndTooMuch() throws Exception {
        List<Runnable> queued = new ArrayList<>();
        List<String> said = new ArrayList<>();
        Door door = new Door("https://own", (what, with) -> "\"" + "x".repeat(Door.REPLY_MOST) + "\"", queued::add, said::add);
        for (int i = 1; i <= Door.IN_FLIGHT + 1; i++) door.receive("https://own", true, "{\"id\":" + i + ",\"do\":\"person\",\"with\":{}}");
        assertEquals(Door.IN_FLIGHT, queued.size());
        assertEquals("busy", new JSONObject(said.get(0)).getJSONObject("error").getString("code"));
        queued.forEach(Runnable::run);
        assertEquals("too_large", new JSONObject(said.get(1)).getJSONObject("error").getString("code"));
        door.receive("https://own", true, "{\"id\":99,\"do\":\"person\",\"with\":{}}");
        assertEquals("the door is open again", Door.IN_FLIGHT + 1, queued.size());
        int before = said.size();
        door.receive("https://own", true, "[".repeat(60_000));
        door.receive("https://own", true, "{\"id\":1,\"do\":\"answer\",\"with\":" + "{\"a\":".repeat(20) + "1" + "}".repeat(21));
        assertEquals(before, said.size());
    }

    @Test
    public void theChannelEndsWithItsPage() throws Exception {
        Page before = page;
        JSONObject person = before.ok("person", new JSONObject());
        page.view.getWebViewClient().onPageStarted(page.view, page.view.getUrl(), null);
        app.tell("go", "{\"path\":\"/\"}");
        before.send("{\"id\":7,\"do\":\"person\",\"with\":{}}");
        app.account().session().held(); // the request would have been before this
        assertEquals("nothing more is said to a page that is gone", 0, before.rest().size());
        page = new Page(activity.get()).load();
        assertEquals(person.getString("device"), page.ok("person", new JSONObject()).getString("device"));
    }

    @Test
    public void aPageOfAnotherOriginGetsNone() {
        page.view.loadUrl("https://evil.example/");
        int before = org.robolectric.Shadows.shadowOf(page.view).getCreatedPorts().size();
        page.view.getWebViewClient().onPageFinished(page.view, "https://evil.example/");
        assertEquals(before, org.robolectric.Shadows.shadowOf(page.view).getCreatedPorts().size());
    }

    @Test
    public void secretsAreSealed() throws Exception {
        String wallet = page.ok("backup", new JSONObject()).getString("wallet");
        assertEquals(64, wallet.length());
        Map<String, ?> kept = app.getSharedPreferences("keys", Context.MODE_PRIVATE).getAll();
        assertEquals(java.util.Set.of("1/tasknet.wallet", "1/tasknet.device"), kept.keySet());
        assertTrue(kept.toString(), !kept.toString().contains(wallet));
        Keys keys = new Keys(app, "1");
        assertEquals(wallet, keys.get("tasknet.wallet"));
        // One secret in the place of another is none.
        String sealed = (String) kept.get("1/tasknet.wallet");
        app.getSharedPreferences("keys", Context.MODE_PRIVATE).edit().putString("1/tasknet.device", sealed).commit();
        failure(() -> keys.get("tasknet.device"));
        // A keystore that has lost its key is no reason to become somebody else.
        MemoryKeyStore.KEYS.clear();
        failure(() -> keys.get("tasknet.wallet"));
        failure(() -> keys.set("tasknet.wallet", "12"));
        app.account().close();
        assertEquals("failed", page.ask("person", new JSONObject()).getJSONObject("error").getString("code"));
        assertEquals(sealed, app.getSharedPreferences("keys", Context.MODE_PRIVATE).getString("1/tasknet.wallet", null));
    }

    @Test
    public void anotherWallet() throws Exception {
        String device = page.ok("person", new JSONObject()).getString("device");
        String mine = page.ok("backup", new JSONObject()).getString("wallet");
        page.ok("restore", new JSONObject().put("wallet", mine));
        assertEquals("the same wallet changes nothing", device, page.ok("person", new JSONObject()).getString("device"));
        String other = "12".repeat(32);
        page.ok("restore", new JSONObject().put("wallet", other));
        assertEquals(other, page.ok("backup", new JSONObject()).getString("wallet"));
        assertTrue(!device.equals(page.ok("person", new JSONObject()).getString("device")));
        assertEquals(java.util.Set.of("2/tasknet.wallet", "2/tasknet.device"), app.getSharedPreferences("keys", Context.MODE_PRIVATE).getAll().keySet());
    }

    interface Call {
        void run() throws Exception;
    }

    private static void failure(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            return;
        }
        throw new AssertionError("it did not fail");
    }
}
