// How a person has set this device up to show the app, before anything is drawn: a page that changes under the eye hurts some people's.
// src/features/frame/shared/present.ts does the same when a setting changes.
try {
  const set = JSON.parse(localStorage.getItem('settings') || '{}')
  for (const name of ['theme', 'hand', 'size', 'contrast', 'motion']) {
    if (set[name] && set[name] !== 'system') document.documentElement.dataset[name] = set[name]
  }
} catch {
  // Without storage, or with a damaged entry, it is shown as it comes.
}
