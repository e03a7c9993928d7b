import { place } from '../features/frame/shared/route'
import { change, settings } from '../features/frame/shared/settings'
import { keep, kept } from '../outbox/database'
import { shell } from '../shell/seam'
import { dirOf, english, localeOf, spoken, wanted, type Kept, type Spoken, type Tag } from './spoken'
import type { Words } from './words'

// Which language is spoken, and its messages. English is in the first bundle; each other one is a chunk of its own.

const chunks: { [T in Exclude<Tag, 'en'>]: () => Promise<{ default: Words }> } = {
  es: () => import('./es'),
  hi: () => import('./hi'),
  ar: () => import('./ar'),
}

/** The language of the pages that speak more than English. */
let chosen: Spoken = english()

/** Which choice is the last one: an earlier one whose messages come later does not count. */
let turn = 0

/** Pages of who asks: they speak English, all of them. */
export function isEnglishOnly(path: string): boolean {
  return /^\/(ask|console)(\/|\?|$)/.test(path)
}

function speak(): void {
  const now = isEnglishOnly(place.value) ? english() : chosen
  document.documentElement.lang = now.tag
  document.documentElement.dir = now.dir
  spoken.set(now.tag === spoken.value.tag ? spoken.value : now)
}

/** Speaks as the person has chosen, or as their browser asks. Resolves when the messages are here; without them, it stays with English. */
export async function start(): Promise<void> {
  place.subscribe(speak)
  tellApp()
  await take(wanted(settings.value.language, navigator.languages)).catch(() => undefined)
}

/** Speaks a language from now on; throws when its messages cannot be fetched, and changes nothing then. */
export async function choose(tag: Tag): Promise<void> {
  await take(tag)
  if (chosen.tag !== tag) return
  change({ language: tag })
  tellApp()
}

async function take(tag: Tag): Promise<void> {
  const mine = ++turn
  const words = tag === 'en' ? undefined : (await chunks[tag]()).default
  if (mine !== turn) return
  chosen = words ? { tag, dir: dirOf(tag), locale: localeOf(tag, navigator.languages), words } : english()
  speak()
  void remember({ tag, notice: chosen.words?.notice }).catch(() => undefined)
}

/** Tells the app, which shows notices itself, what the person chose: without a choice it goes by the phone, as the pages do. An app from before it was asked for this refuses. */
function tellApp(): void {
  void shell?.speak(settings.value.language ?? '').catch(() => undefined)
}

/** Tells the service worker, which keeps the language's file for starts without a network, and speaks it in notices. */
async function remember(language: Kept): Promise<void> {
  if (JSON.stringify(await kept<Kept>('language')) !== JSON.stringify(language)) await keep('language', language)
  const registration = await navigator.serviceWorker?.ready
  registration?.active?.postMessage({ language: language.tag })
}
