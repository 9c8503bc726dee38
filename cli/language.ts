/** The language an operator asked for, or a coded error. */
import { suggest } from '../contracts/did-you-mean.ts'
import { InputError } from '../contracts/error.ts'
import { LANGUAGES, type Language } from '../contracts/text.ts'

export function languageOf(text: string): Language {
  const language = LANGUAGES.find((candidate) => candidate === text)
  if (language) return language
  throw new InputError([{ code: 'LANGUAGE_UNKNOWN', what: `language "${text}" is not known`, where: '--lang', mend: suggest(text, LANGUAGES) }])
}
