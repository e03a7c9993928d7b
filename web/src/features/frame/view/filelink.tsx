import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { open } from '../../api/shared/http'
import { shell } from '../../../shell/seam'
import { save } from './download'
import { Trouble } from './parts'

/** A link that saves a file of the server's. In an app, whose browser saves nothing, the app does. */
export function FileLink({ href, name, children }: { href: string; name: string; children: ComponentChildren }) {
  const [error, setError] = useState<unknown>()
  const take = (event: Event) => {
    if (!shell) return
    event.preventDefault()
    setError(undefined)
    open(href)
      .then((response) => response.blob())
      .then((file) => save(file, name))
      .catch(setError)
  }
  return (
    <>
      {error !== undefined && <Trouble error={error} />}
      <a class="btn slim" download={name} href={href} onClick={take}>
        {children}
      </a>
    </>
  )
}
