/** What a worker makes of a job, after which it ends. The promise fails when the worker does, and never settles once signal is aborted. */
export function inWorker<Out>(worker: Worker, job: unknown, signal: AbortSignal): Promise<Out> {
  signal.addEventListener('abort', () => worker.terminate())
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Out>) => {
      resolve(event.data)
      worker.terminate()
    }
    worker.onerror = () => {
      reject(new Error('the worker failed'))
      worker.terminate()
    }
    worker.postMessage(job)
  })
}
