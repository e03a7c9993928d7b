// Makes one HTML file of a build of one script and one style sheet: it opens from a disk and from any host, and may run
// nothing but them.
import { createHash } from 'node:crypto'

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** A plugin of Vite that leaves the page as `name`. The page may ask any node of a chain, and nobody else for anything. */
export function onePage({ name, title, icon }) {
  return {
    name: 'one-page',
    enforce: 'post',
    generateBundle(_, bundle) {
      let script = ''
      let style = ''
      for (const [file, part] of Object.entries(bundle)) {
        if (part.type === 'chunk') script += part.code.replaceAll('</script', '<\\/script')
        else if (file.endsWith('.css')) style += part.source
        delete bundle[file]
      }
      const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; connect-src 'self' http: https:; worker-src blob:; base-uri 'none'; form-action 'none'`
      const source = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}">
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This page makes proofs in the browser, which needs JavaScript.</noscript>
<script>${script}</script>
</body>
</html>
`
      this.emitFile({ type: 'asset', fileName: name, source })
    },
  }
}
