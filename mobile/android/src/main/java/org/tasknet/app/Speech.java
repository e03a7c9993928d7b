package org.tasknet.app;

import android.content.Context;
import android.content.SharedPreferences;
import android.content.res.Configuration;
import android.os.LocaleList;
import android.text.BidiFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * The language of what the app itself says: the one that the person chose in the pages, else the phone's. The pages have that setting
 * and tell of it; the platform's own one for each app, from Android 13 on, would be a second one beside it.
 */
final class Speech {
    /** What there are texts in, as mobile/bridge/cases.json has it. */
    static final Set<String> LANGUAGES = Set.of("en", "es", "hi", "ar");

    private final Context context;
    private final SharedPreferences notes;

    Speech(Context context) {
        this.context = context;
        notes = context.getSharedPreferences("speech", Context.MODE_PRIVATE);
    }

    /** Speaks a language from now on; with an empty tag the phone's. */
    void speak(String tag) throws Exception {
        if (!tag.isEmpty() && !LANGUAGES.contains(tag)) throw new Exception("bad_language: This version of the app does not speak that language.");
        if (!tag.equals(notes.getString("tag", ""))) notes.edit().putString("tag", tag).apply();
    }

    /** The person who chose a language is gone. */
    void forget() {
        notes.edit().clear().apply();
    }

    /** A context whose texts are in that language. */
    Context in() {
        String tag = notes.getString("tag", "");
        if (tag.isEmpty()) return context;
        Configuration spoken = new Configuration(context.getResources().getConfiguration());
        spoken.setLocale(formOf(tag, spoken.getLocales()));
        return context.createConfigurationContext(spoken);
    }

    /** The form of a language that the phone is set to, such as es-MX: numbers go by it. */
    private static Locale formOf(String tag, LocaleList phone) {
        for (int i = 0; i < phone.size(); i++) if (phone.get(i).getLanguage().equals(tag)) return phone.get(i);
        return Locale.forLanguageTag(tag);
    }

    /** What keeps its own direction within a text that runs the other way, in the language of a context. */
    static String apart(Context in, String text) {
        return BidiFormatter.getInstance(in.getResources().getConfiguration().getLocales().get(0)).unicodeWrap(text);
    }
}
