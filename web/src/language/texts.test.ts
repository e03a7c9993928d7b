import ts from 'typescript'
import { expect, it } from 'vitest'

// Pages that speak every language: what they show comes from the messages, and from nowhere else.
const pages = import.meta.glob<string>(['../features/{answered,answering,earned,frame,identity,log,money,notices,onboarding,payouts,record}/view/**/*.tsx', '!../features/frame/view/preview.tsx'], { eager: true, query: '?raw', import: 'default' })

/** Attributes that are read by people. */
const read = new Set(['alt', 'aria-label', 'aria-valuetext', 'label', 'placeholder', 'title'])

function written(file: string, source: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) found.push(node.text.trim())
    if (ts.isJsxAttribute(node) && read.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) found.push(node.initializer.text)
    // Sentences that come by an expression: two words and more.
    if ((ts.isStringLiteral(node) || ts.isTemplateHead(node)) && /^\p{Lu}\p{Ll}* \p{Ll}/u.test(node.text)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))
  return found.filter((text) => /\p{L}{2}/u.test(text) && text !== 'TaskNet')
}

it.each(Object.entries(pages))('%s says nothing in English alone', (file, source) => expect(written(file, source)).toEqual([]))
