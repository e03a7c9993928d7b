import { prove, type Job } from '../shared/proofs'

// A tree of a hundred thousand people takes some seconds of hashing, which would freeze the page.
self.onmessage = ({ data }: MessageEvent<Job>) => self.postMessage(prove(data))
