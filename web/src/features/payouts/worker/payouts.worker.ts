import { check } from '../shared/checks'
import { find } from '../shared/find'
import type { Job } from '../shared/job'

// A tree of a hundred thousand people takes some seconds of hashing, which would freeze the page.
self.onmessage = ({ data }: MessageEvent<Job>) => self.postMessage(data.address === undefined ? check(data.tree) : find(data.tree, data.address))
