import { render } from 'preact'
import { App, recall } from './app'
import { watchForOffer } from './features/frame/shared/install'
import { drawn, whenIdle } from './features/frame/shared/drawn'
import { listen } from './features/frame/shared/route'
import { signer } from './features/identity/shared/session'
import { watchLog } from './features/log/shared/found'
import { start as speak } from './language/load'
import * as office from './outbox/office'
import { askToStay } from './outbox/stay'
import { portOfApp } from './shell/port'
import { inhabit } from './shell/seam'
import { followNotices } from './sw/follow'
import { watchForUpdates } from './sw/register'
import './styles/tokens.css'
import './styles/components.css'
import './styles/screens.css'

listen()
watchForOffer(window, () => void askToStay())

function start(): void {
  // The language's messages and what is kept here come first: nothing is drawn twice.
  const first = Promise.all([speak(), recall()]).then(() => {
    render(<App />, document.getElementById('app')!)
    return drawn()
  })
  office.start(first)
  followNotices()
  void first.then(() => {
    watchForUpdates()
    watchLog()
    // The curves are needed at the first tap; they are fetched while the person reads.
    whenIdle(() => void signer().catch(() => undefined))
  })
  if ('standalone' in navigator && !navigator.standalone) addEventListener('load', () => void import('./features/frame/worker/startpicture').then((pictures) => pictures.addStartPictures()))
}

const port = portOfApp(navigator.userAgent, window)
if (port) {
  void Promise.all([port, import('./shell/shell')]).then(([port, { shellAt }]) => {
    inhabit(shellAt(port))
    start()
  })
} else start()
