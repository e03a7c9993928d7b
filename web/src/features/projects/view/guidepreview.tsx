import { says, shown } from '../shared/guide'
import { change, type Plan } from '../shared/plan'
import { GuideText } from './guide'

/** The guide as a phone will show it. */
export function GuidePreview({ plan }: { plan: Plan }) {
  const guide = shown(change(plan))
  return (
    <aside class="previewside" aria-label="Preview of the guide">
      <p class="cap">The guide on a phone, as you type</p>
      <div class="preview guidepreview" tabIndex={0} role="region" aria-label="The guide">
        <p class="title">{guide.name || 'The name'}</p>
        {says(guide) ? <GuideText guide={guide} /> : <p class="sec">Without instructions and examples there is no guide: people begin at once.</p>}
      </div>
    </aside>
  )
}
