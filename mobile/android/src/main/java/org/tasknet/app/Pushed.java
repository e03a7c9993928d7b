package org.tasknet.app;

import android.os.Bundle;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.tasknet.sdk.Session;

/** What a push says. Of a project it names no question, and a notice has none, nor pay. */
final class Pushed {
    final String wake;
    /** What else it says than that there are questions, or null. */
    final String notice;
    final String question;
    final String pays;
    final String symbol;
    final long untilMs;
    final String text;
    /** Two choices that the notice's buttons can answer by, or null. */
    final String[] choices;

    private Pushed(String wake, String notice, String question, String pays, String symbol, long untilMs, String text, String[] choices) {
        this.wake = wake;
        this.notice = notice;
        this.question = question;
        this.pays = pays;
        this.symbol = symbol;
        this.untilMs = untilMs;
        this.text = text;
        this.choices = choices;
    }

    /** Reads the fields of a push, or null when it says nothing that can be read. */
    static Pushed of(Map<String, String> fields) {
        try {
            String wake = fields.get("wake");
            return wake == null ? null : new Pushed(wake, fields.get("notice"), fields.get("question"), fields.getOrDefault("pays", ""), fields.getOrDefault("symbol", ""), Long.parseLong(fields.get("until_ms")), null, null);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The fields of a push that came as JSON. */
    static Map<String, String> fields(String json) throws JSONException {
        JSONObject body = new JSONObject(json);
        Map<String, String> out = new HashMap<>();
        for (Iterator<String> names = body.keys(); names.hasNext(); ) {
            String name = names.next();
            out.put(name, body.getString(name));
        }
        return out;
    }

    boolean waits() {
        return untilMs > System.currentTimeMillis();
    }

    /**
     * The same with what is asked, as the server's assignment has it: what the notice shows is what is signed. Without a network, or
     * when others were faster, there is no more to show than the push had.
     */
    Pushed complete(Session session) {
        if (question == null) return this;
        try {
            JSONObject asked = new JSONObject(session.take(null, question)).getJSONObject("question");
            return new Pushed(wake, notice, question, pays, symbol, untilMs, asked.getString("text"), twoChoices(asked));
        } catch (Exception e) {
            return this;
        }
    }

    /** The choices of a question that a notice can show whole, or null. */
    static String[] twoChoices(JSONObject asked) throws JSONException {
        JSONArray all = asked.optJSONArray("choices");
        boolean plain = !asked.has("image") && !asked.has("audio") && !asked.has("choice_images") && !asked.has("passage");
        boolean chosen = "choice".equals(asked.getString("type")) || "yes_no".equals(asked.getString("type"));
        return plain && chosen && all != null && all.length() == 2 ? new String[] {all.getString(0), all.getString(1)} : null;
    }

    Bundle bundle() {
        Bundle out = new Bundle();
        out.putString("question", question);
        out.putString("text", text);
        out.putStringArray("choices", choices);
        return out;
    }
}
