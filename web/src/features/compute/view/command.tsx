import { CopyButton } from '../../frame/view/parts'

/** A line for a shell, with a way to copy it. */
export function Command({ of, name }: { of: string; name: string }) {
  return (
    <div class="line tight">
      <pre class="code wrap grow" tabIndex={0} role="group" aria-label={name}>
        {of}
      </pre>
      <CopyButton text={of} />
    </div>
  )
}
