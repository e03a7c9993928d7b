import { render } from 'preact'
import { App } from './app'
import { watchForOffer } from './features/frame/shared/install'
import { listen } from './features/frame/shared/route'
import { signer } from './features/identity/shared/session'
import { start } from './language/load'
import * as office from './outbox/office'
import { askToStay } from './outbox/stay'
import { followNotices } from './sw/follow'
import { watchForUpdates } from './sw/register'
import './styles/tokens.css'
import './styles/components.css'
import './styles/screens.css'

listen()
watchForOffer(window, () => void askToStay())
// The language's messages come first: nothing is drawn twice, in two languages.
void start().then(() => render(<App />, document.getElementById('app')!))
office.start()
watchForUpdates()
followNotices()
// The curves are needed at the first tap; they are fetched while the person reads.
requestAnimationFrame(() => void signer().catch(() => undefined))
