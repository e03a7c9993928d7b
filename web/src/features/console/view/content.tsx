import { topics } from '../../../language/en/topics'
import { warnings } from '../../../language/en/warnings'
import { named, type Marks } from '../../frame/shared/marks'
import { MarkChips } from '../../frame/view/marks'

const say = {
  title: 'What it shows, and what it is about',
  warnings: 'It shows',
  warningsHint: 'What not everybody wants to see. Who avoids it does not get it; everybody else is told. Mark it honestly: people report what is not.',
  topics: 'It is about',
  topicsHint: 'Who likes a topic gets it sooner.',
}

/** What a requester says of the content of a question, or of a project. */
export function ContentFields({ marks, set }: { marks: Marks; set: (part: Partial<Marks>) => void }) {
  return (
    <details open={marks.warnings.length + marks.topics.length > 0}>
      <summary>{say.title}</summary>
      <div class="stack tight pad">
        <MarkChips name={say.warnings} hint={say.warningsHint} known={named(warnings)} chosen={marks.warnings} set={(warnings) => set({ warnings })} />
        <MarkChips name={say.topics} hint={say.topicsHint} known={named(topics)} chosen={marks.topics} set={(topics) => set({ topics })} />
      </div>
    </details>
  )
}
