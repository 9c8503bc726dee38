import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, trusted } from './markup.ts'
import { elements, readMarkup, textOf } from './markup-reader.ts'

test('any text stays text, in content and in attributes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
    const root = readMarkup(html`<p title="${text}">${text}</p>`.text)
    expect(elements(root).map((element) => element.name)).toEqual(['p'])
    const seen = textOf(root)
    expect(elements(root)[0]!.attributes['title']).toBe(seen)
    if (!/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u.test(text)) expect(seen).toBe(text)
  }))
})

test('markup inside markup is not escaped again, lists are joined, nothing prints nothing', () => {
  expect(html`<ul>${['a', html`<b>${'<'}</b>`, null, false, undefined, 0]}</ul>${trusted('<i></i>')}`.text).toBe('<ul>a<b>&lt;</b>0</ul><i></i>')
})

test('control characters and direction overrides become a visible mark', () => {
  expect(html`${'a\u0000b\u202Ec\u001bd\ud800'}`.text).toBe('a\ufffdb\ufffdc\ufffdd\ufffd')
})

test.each(['<p>', '<p></b>', '<p a=b></p>', 'a & b', '<p a="1" a="2"></p>', '<p <b></p>'])('the reader of the tests refuses %s', (bad) => {
  expect(() => readMarkup(bad)).toThrow()
})
