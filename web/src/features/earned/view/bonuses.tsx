import type { Bonuses as Page } from '../../api/shared/money'
import { asRespondent } from '../../identity/shared/session'
import { when } from '../../frame/shared/words'
import { Money, useLoad } from '../../frame/view/parts'
import { earned as t } from '../../../language/en/earned'

/** What requesters paid on top of the price, and why. Nothing is shown where there is none. */
export function Bonuses({ symbol }: { symbol: string }) {
  const list = useLoad(() => asRespondent<Page>('/v1/me/bonuses?limit=20'), [])
  if (!list.value || list.value.bonuses.length === 0) return null
  return (
    <section>
      <h2 class="small">{t('onTop')}</h2>
      <ul class="rows small">
        {list.value.bonuses.map((b) => (
          <li key={b.id} class="line">
            <span class="grow" dir="auto">
              {b.reason}
              <br />
              <span class="cap">
                {t('byWhen', { by: b.by, time: when(b.at) })}
              </span>
            </span>
            <Money of={b.amount} symbol={symbol} />
          </li>
        ))}
      </ul>
    </section>
  )
}
