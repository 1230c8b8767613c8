// People pasted as lines of "name; function; role; language", from a letter or a spreadsheet.
import type { Language, Person, Role } from '../protocol.ts'

export const roles: readonly Role[] = ['head', 'delegate', 'adviser', 'interpreter', 'sign-interpreter', 'captioner', 'secretary', 'technician', 'observer']

/** What the words of a line may mean; `vocabulary` makes it. */
export interface Vocabulary {
  readonly roles: ReadonlyMap<string, Role>
  readonly languages: ReadonlyMap<string, Language>
}

export interface Line {
  readonly number: number // of the line in the text, from 1
  readonly person: Person
  readonly fault?: { what: 'name' | 'role' | 'language' | 'columns'; word: string }
}

// Short forms that people write besides the full words of the screen.
const alsoRoles: Readonly<Record<string, Role>> = {
  'رئیس': 'head', 'سرپرست': 'head', 'سرپرست هیئت': 'head', 'عضو': 'delegate', 'دبیر': 'secretary', 'منشی': 'secretary', 'کارشناس': 'adviser', 'فنی': 'technician', 'مترجم شفاهی': 'interpreter',
  'başçı': 'head', 'rəhbər': 'head', 'heyətin rəhbəri': 'head', 'heyətin başçısı': 'head', 'nümayəndə heyətinin başçısı': 'head', 'üzv': 'delegate', 'heyətin üzvü': 'delegate', 'katib': 'secretary', 'texnik': 'technician', 'ekspert': 'adviser',
  'chair': 'head', 'member': 'delegate', 'advisor': 'adviser', 'expert': 'adviser', 'technical': 'technician',
  'глава': 'head', 'член': 'delegate', 'секретарь': 'secretary', 'эксперт': 'adviser', 'техник': 'technician',
}
const alsoLanguages: Readonly<Record<string, Language>> = {
  'ترکی': 'az', 'ترکی آذربایجانی': 'az', 'آذربایجانی ترکی': 'az', 'آذربایجانی': 'az', 'آذری': 'az', 'فارسی': 'fa', 'farsi': 'fa', 'farsca': 'fa', 'fars': 'fa', 'azərbaycanca': 'az', 'azərbaycan': 'az', 'azeri': 'az',
  'ingiliscə': 'en', 'ingilis': 'en', 'rusca': 'ru', 'rus': 'ru',
}

/** `said` are the texts of each language of the screen: their words for the roles and languages are all understood. */
export function vocabulary(said: readonly Readonly<Record<string, unknown>>[], languages: readonly Language[]): Vocabulary {
  const roleWords = new Map<string, Role>(Object.entries(alsoRoles).map(([word, role]) => [folded(word), role]))
  const languageWords = new Map<string, Language>(Object.entries(alsoLanguages).map(([word, each]) => [folded(word), each]))
  for (const role of roles) {
    roleWords.set(folded(role), role)
    for (const texts of said) if (typeof texts[`role.${role}`] === 'string') roleWords.set(folded(String(texts[`role.${role}`])), role)
  }
  for (const each of languages) {
    languageWords.set(folded(each), each)
    for (const texts of said) if (typeof texts[`language.${each}`] === 'string') languageWords.set(folded(String(texts[`language.${each}`])), each)
  }
  return { roles: roleWords, languages: languageWords }
}

/** Each line that is not empty. Without a role a person is a delegate; without a language, they take the one given. */
export function parsed(text: string, words: Vocabulary, ownLanguage: Language): Line[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => (line.trim() === '' ? [] : [lineOf(line, index + 1, words, ownLanguage)]))
}

function lineOf(line: string, number: number, words: Vocabulary, ownLanguage: Language): Line {
  // A tab comes from a spreadsheet, where a cell may hold a semicolon.
  const cells = (line.includes('\t') ? line.split('\t') : line.split(/[;؛]/)).map((cell) => cell.trim())
  while (cells.length > 4 && cells.at(-1) === '') cells.pop()
  const [name = '', position = '', roleWord = '', languageWord = ''] = cells
  const role = roleWord === '' ? 'delegate' : words.roles.get(folded(roleWord))
  const language = languageWord === '' ? ownLanguage : words.languages.get(folded(languageWord))
  const person: Person = { id: '', name, role: role ?? 'delegate', language: language ?? ownLanguage }
  if (position !== '') person.function = position
  if (name === '') return { number, person, fault: { what: 'name', word: '' } }
  if (cells.length > 4) return { number, person, fault: { what: 'columns', word: '' } }
  if (!role) return { number, person, fault: { what: 'role', word: roleWord } }
  if (!language) return { number, person, fault: { what: 'language', word: languageWord } }
  return { number, person }
}

// Arabic and Persian spellings of one letter, joiners, case and spaces do not matter. İ and I are letters of their own in
// Azerbaijani; both fold to i here, because these words are only looked up.
function folded(word: string): string {
  return word.normalize('NFC').replace(/[İIı]/g, 'i').toLowerCase()
    .replace(/[يى]/g, 'ی').replace(/ك/g, 'ک').replace(/[أئ]/g, 'ئ').replace(/[\u200C\u200D\u200E\u200F]/g, '').replace(/[\s\-_.]+/g, '')
}
