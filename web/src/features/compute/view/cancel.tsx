import { useRef, useState } from 'preact/hooks'
import type { Job } from '../../api/shared/jobs'
import { asRequester } from '../../console/shared/requester'
import { Trouble } from '../../frame/view/parts'

/** A button that ends a job, after saying what is lost by it. */
export function Cancel({ job, update }: { job: Job; update: (job: Job) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setError(undefined)
    setBusy(true)
    try {
      update(await asRequester<Job>(`/v1/jobs/${job.id}/cancel`, { method: 'POST' }))
      dialog.current?.close()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <>
      <button type="button" class="btn" onClick={() => (setError(undefined), dialog.current?.showModal())}>
        Cancel
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby="cancel-title">
        <h2 class="title" id="cancel-title">
          Stop this job?
        </h2>
        <p class="sec">{job.live ? 'Rows get no answer any more. What was answered is handed in and paid.' : job.rows > 1 ? 'Parts that are done stay, with what they made. What nodes work on now is dropped.' : 'What its node has done so far is dropped, and no model or answer comes of it.'} A job that was cancelled does not go on again.</p>
        {error !== undefined && <Trouble error={error} />}
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            Let it go on
          </button>
          <button type="button" class="btn" disabled={busy} onClick={() => void act()}>
            Stop the job
          </button>
        </div>
      </dialog>
    </>
  )
}
