import { Mark, useTitle } from './parts'

/** Said where the browser keeps nothing: without a key and an outbox, an answer could be lost. */
export default function NoStorage() {
  const heading = useTitle('Nothing can be kept here')
  return (
    <div class="phone">
      <header class="top">
        <Mark />
        <b>TaskNet</b>
      </header>
      <main class="empty">
        <h1 class="title" ref={heading} tabIndex={-1}>
          This window keeps nothing.
        </h1>
        <p class="sec">TaskNet keeps your key and your answers on this phone, so that none is lost. The browser does not let it here: the window may be a private one, or storage is switched off for this site.</p>
        <p class="sec">Open this address in a normal window, or allow storage for it. Nothing was made, and nothing is lost.</p>
        <button type="button" class="btn main" onClick={() => location.reload()}>
          Try again
        </button>
        <p class="small">
          <a href="/console">Asking</a> and <a href="/verify">public records</a> work without.
        </p>
      </main>
    </div>
  )
}
