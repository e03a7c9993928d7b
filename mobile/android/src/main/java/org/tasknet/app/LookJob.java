package org.tasknet.app;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tasknet.sdk.Cancel;
import org.tasknet.sdk.Sdk;

/** Has the public log looked into now and then, also while nobody opens the app: what was promised to this phone is looked for by itself. */
public class LookJob extends JobService {
    static final int ID = 2;
    /** As often as the SDK looks while the app is open. What comes more often is not due there. */
    static final long EVERY_MS = 4 * 3_600_000L;

    private final Map<JobParameters, Cancel> running = new ConcurrentHashMap<>();

    /** Has it run from now on while there is a network, also after a restart of the phone. Asking again changes nothing. */
    static void schedule(Context context) {
        JobScheduler jobs = context.getSystemService(JobScheduler.class);
        if (jobs.getPendingJob(ID) != null) return;
        jobs.schedule(new JobInfo.Builder(ID, new ComponentName(context, LookJob.class))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setPeriodic(EVERY_MS)
                .setPersisted(true)
                .build());
    }

    @Override
    public boolean onStartJob(JobParameters job) {
        Cancel cancel = Sdk.newCancel();
        running.put(job, cancel);
        ((App) getApplication()).inBackground(() -> {
            boolean again = true;
            try {
                ((App) getApplication()).account().session().checkLogIfDue(cancel);
                again = false;
            } finally {
                if (running.remove(job) != null) jobFinished(job, again);
            }
        });
        return true;
    }

    @Override
    public boolean onStopJob(JobParameters job) {
        Cancel cancel = running.remove(job);
        if (cancel != null) cancel.cancel();
        return true; // and is tried again
    }
}
