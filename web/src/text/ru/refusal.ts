import type { refusal as en } from '../en/refusal.ts'
import type { Words } from '../words.ts'

export const refusal: Words<typeof en, 'ru'> = {
  'refusal.network': 'Сервер недоступен; проверьте соединение.',
  'refusal.internal': 'Произошла ошибка в системе; если она повторится, сообщите техническому специалисту номер {id}.',
  'refusal.unknown': 'Сейчас это выполнить не удалось; попробуйте ещё раз.',
  'refusal.not-found': 'Этого здесь больше нет, или ссылка неполная.',
  'refusal.not-signed-in': 'Сначала войдите в систему.',
  'refusal.forbidden': 'Ваша роль этого не позволяет; Вам поможет секретарь делегации.',
  'refusal.too-many': { by: 'seconds', one: 'Слишком много попыток; повторите через {seconds} секунду.', few: 'Слишком много попыток; повторите через {seconds} секунды.', many: 'Слишком много попыток; повторите через {seconds} секунд.' },
  'refusal.bad-request': 'Введённые данные содержат ошибку; проверьте их.',
  'refusal.too-large': 'Объём слишком велик для отправки.',
}
