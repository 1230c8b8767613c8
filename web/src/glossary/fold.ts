// Finding a term as one types: names and what is typed become keys in which spelling habits no longer differ. The node's search folds more
// (record/word.go); here it is for a list that is on the screen already.

const other: Readonly<Record<string, string>> = {
  'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'ة': 'ه', 'ۀ': 'ه', 'آ': 'ا', 'أ': 'ا', 'إ': 'ا', 'ٱ': 'ا', 'ؤ': 'و', 'ء': '',
  'ı': 'i', 'ə': 'e', 'ǝ': 'e', 'ё': 'е', 'ә': 'э',
}

/** Small letters and digits only, with single spaces between words. */
export function key(text: string): string {
  return [...text.normalize('NFKC').replaceAll('I', 'ı').toLowerCase().normalize('NFD').replace(/[\p{M}\p{Cf}ـ]/gu, '').normalize('NFC')]
    .map((letter) => digit(letter) ?? other[letter] ?? letter).join('')
    .replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

function digit(letter: string): string | undefined {
  const code = letter.codePointAt(0) ?? 0
  if (code >= 0x6f0 && code <= 0x6f9) return String(code - 0x6f0)
  if (code >= 0x660 && code <= 0x669) return String(code - 0x660)
  return undefined
}

/** The names of a term, ready to be looked through. */
export function keysOf(names: readonly string[]): string {
  return names.map((name) => { const folded = key(name); return `|${folded}|${folded.replaceAll(' ', '')}` }).join('')
}

/** How well keys fit what was typed: 2 a name begins so, 1 it is within one, 0 not at all. */
export function fit(keys: string, typed: string): number {
  const wanted = key(typed)
  if (wanted === '') return 1
  if (keys.includes('|' + wanted) || keys.includes('|' + wanted.replaceAll(' ', ''))) return 2
  return wanted.split(' ').every((word) => keys.includes(word)) ? 1 : 0
}
