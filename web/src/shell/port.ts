// How a page finds the app that shows it. mobile/bridge/README.md is the contract.

/** What the app puts into the name that its browser goes by, with the version of the contract. */
const named = /\bTaskNetApp\/1\b/

/** What the app hands its end of the channel over with. */
const greeting = 'tasknet-bridge'

/** The app's end of the channel, undefined in a browser. It comes when the page is loaded. */
export function portOfApp(agent: string, target: Pick<Window, 'addEventListener' | 'removeEventListener'>): Promise<MessagePort> | undefined {
  if (!named.test(agent)) return undefined
  return new Promise((resolve) => {
    const take = ({ data, source, ports }: MessageEvent) => {
      // The app is no window; on iOS it speaks by this page's own.
      if (data !== greeting || !ports[0] || (source !== null && source !== target)) return
      target.removeEventListener('message', take as EventListener)
      resolve(ports[0])
    }
    target.addEventListener('message', take as EventListener)
  })
}
