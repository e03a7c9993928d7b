package org.tasknet.app;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import java.util.Map;
import org.tasknet.sdk.Sdk;

/** What the app shows while nobody looks at it: one notice of questions, which changes, one of what became of an answer, one of a promise that was broken, and one of pay that goes elsewhere. */
final class Notices {
    static final String QUESTIONS = "questions";
    static final String ANSWERS = "answers";
    static final String PROMISES = "promises";
    static final String PAY = "pay";
    static final int QUESTION = 1;
    static final int ANSWER = 2;
    static final int PROMISE = 3;
    static final int MOVED = 4;

    /** Why there was no answer, by the errors of the SDK that somebody can meet at a notice. */
    private static final Map<String, Integer> REASONS = Map.of(
            "other_question", R.string.other_question,
            "question_not_available", R.string.not_available,
            "question_closed", R.string.not_available,
            "already_answered", R.string.answered_before,
            "device_ended", R.string.device_ended,
            "unreachable", R.string.no_server,
            "never_online", R.string.no_server,
            "disk_full", R.string.no_room);

    private Notices() {}

    /** Makes the channels, or names them anew in another language. */
    static void makeChannels(App app) {
        Context context = app.speech().in();
        NotificationManager manager = context.getSystemService(NotificationManager.class);
        NotificationChannel questions = new NotificationChannel(QUESTIONS, context.getString(R.string.channel_questions), NotificationManager.IMPORTANCE_HIGH);
        questions.setDescription(context.getString(R.string.channel_questions_about));
        NotificationChannel answers = new NotificationChannel(ANSWERS, context.getString(R.string.channel_answers), NotificationManager.IMPORTANCE_LOW);
        answers.setDescription(context.getString(R.string.channel_answers_about));
        NotificationChannel promises = new NotificationChannel(PROMISES, context.getString(R.string.channel_promises), NotificationManager.IMPORTANCE_DEFAULT);
        promises.setDescription(context.getString(R.string.channel_promises_about));
        NotificationChannel pay = new NotificationChannel(PAY, context.getString(R.string.channel_pay), NotificationManager.IMPORTANCE_HIGH);
        pay.setDescription(context.getString(R.string.channel_pay_about));
        manager.createNotificationChannel(pay);
        manager.createNotificationChannel(questions);
        manager.createNotificationChannel(answers);
        manager.createNotificationChannel(promises);
    }

    /** Shows that a question waits. A tap opens it, and from Android 12 on a button answers one of two choices. */
    static void question(App app, Pushed pushed) {
        Context context = app.speech().in();
        Notification.Builder notice = new Notification.Builder(context, QUESTIONS)
                .setSmallIcon(R.drawable.notice)
                .setContentTitle(context.getString(R.string.pays, Speech.apart(context, pushed.pays + " " + pushed.symbol)))
                .setContentText(pushed.text == null ? context.getString(R.string.there_are_questions) : pushed.text)
                .setStyle(new Notification.BigTextStyle().bigText(pushed.text))
                .setContentIntent(PendingIntent.getActivity(context, 0, open(context, pushed.question), PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE))
                .setTimeoutAfter(pushed.untilMs - System.currentTimeMillis())
                .setCategory(Notification.CATEGORY_SOCIAL)
                .setVisibility(Notification.VISIBILITY_PRIVATE)
                .setAutoCancel(true);
        boolean locks = Build.VERSION.SDK_INT >= Since31.SDK; // or whoever holds a locked phone could answer
        for (int i = 0; locks && pushed.choices != null && i < pushed.choices.length; i++) {
            Intent answer = new Intent(context, AnswerReceiver.class).putExtras(pushed.bundle()).putExtra("choice", i);
            PendingIntent tapped = PendingIntent.getBroadcast(context, i, answer, PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE);
            notice.addAction(Since31.unlocking(new Notification.Action.Builder(null, pushed.choices[i], tapped)));
        }
        show(context, QUESTION, notice);
    }

    /** Says that an answer that was given by a button is kept. */
    static void answered(App app, String choice) {
        Context context = app.speech().in();
        became(context, context.getString(R.string.it_is, Speech.apart(context, choice)), context.getString(R.string.goes_out));
    }

    /** Says that an answer was not given, and why: an error's message is a code, a colon and a sentence. */
    static void notAnswered(App app, String error) {
        Context context = app.speech().in();
        Integer why = REASONS.get(Sdk.errorCode(error));
        became(context, context.getString(R.string.not_answered), why == null ? Sdk.errorText(error) : context.getString(why));
    }

    private static void became(Context context, String title, String text) {
        context.getSystemService(NotificationManager.class).cancel(QUESTION);
        show(context, ANSWER, new Notification.Builder(context, ANSWERS)
                .setSmallIcon(R.drawable.notice)
                .setContentTitle(title)
                .setContentText(text)
                .setStyle(new Notification.BigTextStyle().bigText(text))
                .setContentIntent(PendingIntent.getActivity(context, 1, open(context, (String) null), PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE))
                .setAutoCancel(true));
    }

    /** Says that the server has broken a promise: of its public log as a whole, or of some answers; and no more, once it has kept them all. A tap opens the page with the evidence. */
    static void promise(App app, boolean log, int answers) {
        Context context = app.speech().in();
        if (!log && answers == 0) {
            context.getSystemService(NotificationManager.class).cancel(PROMISE);
            return;
        }
        String text = log ? context.getString(R.string.log_broken) : context.getResources().getQuantityString(R.plurals.not_in_log, answers, answers);
        show(context, PROMISE, new Notification.Builder(context, PROMISES)
                .setSmallIcon(R.drawable.notice)
                .setContentTitle(context.getString(R.string.promise_broken))
                .setContentText(text)
                .setStyle(new Notification.BigTextStyle().bigText(text))
                .setContentIntent(PendingIntent.getActivity(context, 2, open(context, page(context).path("/answered")), PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE))
                .setAutoCancel(true));
    }

    /** Says that the pay goes, or is to go, to another address. A tap opens the page where that is cancelled or changed back. */
    static void moved(App app) {
        Context context = app.speech().in();
        String text = context.getString(R.string.pay_moves_more);
        show(context, MOVED, new Notification.Builder(context, PAY)
                .setSmallIcon(R.drawable.notice)
                .setContentTitle(context.getString(R.string.pay_moves))
                .setContentText(text)
                .setStyle(new Notification.BigTextStyle().bigText(text))
                .setContentIntent(PendingIntent.getActivity(context, 3, open(context, page(context).path("/key/payout")), PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE))
                .setAutoCancel(true));
    }

    private static Intent open(Context context, String question) {
        Uri.Builder page = page(context).path("/");
        if (question != null) page.appendQueryParameter("question", question);
        return open(context, page);
    }

    private static Intent open(Context context, Uri.Builder page) {
        return new Intent(Intent.ACTION_VIEW, page.build(), context, MainActivity.class);
    }

    private static Uri.Builder page(Context context) {
        return Uri.parse(((App) context.getApplicationContext()).server()).buildUpon();
    }

    private static void show(Context context, int id, Notification.Builder notice) {
        context.getSystemService(NotificationManager.class).notify(id, notice.build());
    }
}
