import type { Job } from '../shared/checks'
import { verify } from './verify'

// A record of a thousand answers takes seconds of curve arithmetic, which would freeze the page.
self.onmessage = (event: MessageEvent<Job>) => self.postMessage(verify(event.data.record, event.data.instance))
