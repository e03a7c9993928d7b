package org.tasknet.app;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import java.util.Arrays;
import org.json.JSONObject;
import org.tasknet.sdk.Session;

/** Answers by a button of a notice. Nothing is signed that the notice did not show. */
public class AnswerReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        App app = (App) context.getApplicationContext();
        PendingResult result = goAsync();
        app.inBackground(() -> {
            try {
                answer(app, intent);
            } finally {
                if (result != null) result.finish(); // there is none when nobody waits
            }
        });
    }

    private static void answer(App app, Intent intent) throws Exception {
        int choice = intent.getIntExtra("choice", -1);
        String[] choices = intent.getStringArrayExtra("choices");
        try {
            Session session = app.account().session();
            JSONObject assignment = new JSONObject(session.take(null, intent.getStringExtra("question")));
            JSONObject asked = assignment.getJSONObject("question");
            if (!asked.getString("text").equals(intent.getStringExtra("text")) || !Arrays.equals(Pushed.twoChoices(asked), choices)) {
                throw new Exception("other_question: The question is another one by now.");
            }
            session.answer(assignment.getString("id"), choice);
        } catch (Exception e) {
            Notices.notAnswered(app, String.valueOf(e.getMessage()));
            return;
        }
        SyncJob.schedule(app); // the process may be gone before the server has it
        Notices.answered(app, choices[choice]);
    }
}
