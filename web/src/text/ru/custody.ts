import type { custody as en } from '../en/custody.ts'
import type { Words } from '../words.ts'

export const custody: Words<typeof en, 'ru'> = {
  'custody.title': 'Журнал',
  'custody.words': 'Всё, что остаётся от этих консультаций, — записи журнала, подписанные своей стороной. У кого есть копия, тот может доказать, что с тех пор ничего не изменили.',
  'custody.entries': 'Записей',
  'custody.sealed': 'Скреплено: подписано всеми сторонами',
  'custody.delivered': 'Доставлено: на руках у всех сторон',
  'custody.of': '{n} из {all}',
  'custody.copy-of': '{party}: взята копия первых записей, {n}, — {date}, {clock}',
  'custody.copy-none': '{party}: копию ещё не брали',
  'custody.take': 'Взять копию',
  'custody.take-words': 'Храните файл у себя; обе стороны видят, что Вы его взяли. Проверить его без этого сервера можно командой',
  'custody.step-none': 'Ваша сторона ещё не брала копию.',
  'custody.step': 'У Вашей стороны есть копия: записей {n} из {all}.',
  'custody.keys': 'Ключи, которыми подписывают стороны',
  'custody.key-replaced': '{date}, {clock}: {party} — новый ключ; замену подписал прежний. Причина: {reason}.',
  'custody.key-lost': '{date}, {clock}: {party} — новый ключ, так как прежний утрачен; за новый ручается оператор этого сервера. Причина: {reason}.',
  'custody.erased': 'Что удалено',
  'custody.erased-none': 'Ничего не удалено.',
  'custody.erased-message': '{date}, {clock}: {person} — удалено сообщение ({party}). Основание: {authority}',
  'custody.erased-recording': '{date}, {clock}: {person} — удалена запись встречи. Основание: {authority}',
  'custody.erased-document': '{date}, {clock}: {person} — удалён документ ({party}). Основание: {authority}',
  'custody.erased-term': '{date}, {clock}: {person} — удалён термин из глоссария ({party}). Основание: {authority}',
}
