import type { custody as en } from '../en/custody.ts'
import type { Words } from '../words.ts'

export const custody: Words<typeof en, 'az'> = {
  'custody.title': 'Qeydlər',
  'custody.words': 'Bu məsləhətləşmədən qalan hər şey öz tərəfinin imzaladığı bir qeyddir. Nüsxəsi olan hər kəs sonradan heç nəyin dəyişmədiyini sübut edə bilər.',
  'custody.entries': 'Qeydlərin sayı',
  'custody.sealed': 'Möhürlənib: bütün tərəflər imzalayıb',
  'custody.delivered': 'Çatdırılıb: bütün tərəflərin əlindədir',
  'custody.of': '{n} / {all}',
  'custody.copy-of': '{party} {date}, saat {clock}: ilk {n} qeydin nüsxəsini götürüb',
  'custody.copy-none': '{party} hələ nüsxə götürməyib',
  'custody.take': 'Nüsxə götürün',
  'custody.take-words': 'Faylı öz yerinizdə saxlayın; nüsxə götürdüyünüzü hər iki tərəf görür. Fayl bu serversiz belə yoxlanılır:',
  'custody.step-none': 'Tərəfiniz hələ nüsxə götürməyib.',
  'custody.step': 'Tərəfinizdə {all} qeyddən {n} qeydin nüsxəsi var.',
  'custody.keys': 'Tərəflərin imza açarları',
  'custody.key-replaced': '{date}, saat {clock}: {party} yeni açar alıb; dəyişikliyi köhnə açar imzalayıb. Səbəb: {reason}.',
  'custody.key-lost': '{date}, saat {clock}: {party} yeni açar alıb, çünki köhnəsi itib; yenisini bu serverin operatoru təsdiq edir. Səbəb: {reason}.',
  'custody.erased': 'Silinənlər',
  'custody.erased-none': 'Heç nə silinməyib.',
  'custody.erased-message': '{date}, saat {clock}: {person} bir mesajı silib ({party}). Əsas: {authority}',
  'custody.erased-recording': '{date}, saat {clock}: {person} bir yazını silib. Əsas: {authority}',
  'custody.erased-document': '{date}, saat {clock}: {person} bir sənədi silib ({party}). Əsas: {authority}',
  'custody.erased-term': '{date}, saat {clock}: {person} lüğətdən bir termini silib ({party}). Əsas: {authority}',
}
