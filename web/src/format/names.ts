// Months, weekdays and units in four languages. Tables of ours, so that every browser shows the same: Chromium has no
// Azerbaijani, and puts the parts of Persian dates in the wrong order.
import type { Language } from '../text/words.ts'
import type { Calendar } from './calendar.ts'

type Names = Readonly<Record<Language, readonly string[]>>

/** From Sunday. */
export const weekdays: Names = {
  fa: ['یکشنبه', 'دوشنبه', 'سه‌شنبه', 'چهارشنبه', 'پنجشنبه', 'جمعه', 'شنبه'],
  az: ['bazar', 'bazar ertəsi', 'çərşənbə axşamı', 'çərşənbə', 'cümə axşamı', 'cümə', 'şənbə'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ru: ['воскресенье', 'понедельник', 'вторник', 'среда', 'четверг', 'пятница', 'суббота'],
}

/** As they stand after the day's number: Russian in the genitive. */
export const months: Readonly<Record<Calendar, Names>> = {
  persian: {
    fa: ['فروردین', 'اردیبهشت', 'خرداد', 'تیر', 'مرداد', 'شهریور', 'مهر', 'آبان', 'آذر', 'دی', 'بهمن', 'اسفند'],
    az: ['fərvərdin', 'ordibehişt', 'xordad', 'tir', 'mordad', 'şəhrivər', 'mehr', 'aban', 'azər', 'dey', 'bəhmən', 'isfənd'],
    en: ['Farvardin', 'Ordibehesht', 'Khordad', 'Tir', 'Mordad', 'Shahrivar', 'Mehr', 'Aban', 'Azar', 'Dey', 'Bahman', 'Esfand'],
    ru: ['фарвардина', 'ордибехешта', 'хордада', 'тира', 'мордада', 'шахривара', 'мехра', 'абана', 'азера', 'дея', 'бахмана', 'эсфанда'],
  },
  gregory: {
    fa: ['ژانویه', 'فوریه', 'مارس', 'آوریل', 'مه', 'ژوئن', 'ژوئیه', 'اوت', 'سپتامبر', 'اکتبر', 'نوامبر', 'دسامبر'],
    az: ['yanvar', 'fevral', 'mart', 'aprel', 'may', 'iyun', 'iyul', 'avqust', 'sentyabr', 'oktyabr', 'noyabr', 'dekabr'],
    en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
    ru: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
  },
}

const russianAlone: Readonly<Record<Calendar, readonly string[]>> = {
  persian: ['фарвардин', 'ордибехешт', 'хордад', 'тир', 'мордад', 'шахривар', 'мехр', 'абан', 'азер', 'дей', 'бахман', 'эсфанд'],
  gregory: ['январь', 'февраль', 'март', 'апрель', 'май', 'июнь', 'июль', 'август', 'сентябрь', 'октябрь', 'ноябрь', 'декабрь'],
}

/** The months as they stand alone, in a list to choose from. */
export function monthNames(calendar: Calendar, language: Language): readonly string[] {
  return language === 'ru' ? russianAlone[calendar] : months[calendar][language]
}

/** The units of a duration, short, after the number. */
export const units: Readonly<Record<Language, { hour: string; minute: string; second: string; and: string }>> = {
  fa: { hour: 'ساعت', minute: 'دقیقه', second: 'ثانیه', and: ' و ' },
  az: { hour: 'saat', minute: 'dəqiqə', second: 'saniyə', and: ' ' },
  en: { hour: 'h', minute: 'min', second: 's', and: ' ' },
  ru: { hour: 'ч', minute: 'мин', second: 'с', and: ' ' },
}

/** `near` is from the day before yesterday (-2) to the day after tomorrow (2); the others take {n} by plural form. */
export const relativeDays: Readonly<Record<Language, {
  near: readonly string[]; ago: Readonly<Record<string, string>>; ahead: Readonly<Record<string, string>>
}>> = {
  fa: {
    near: ['پریروز', 'دیروز', 'امروز', 'فردا', 'پس‌فردا'],
    ago: { other: '{n} روز پیش' },
    ahead: { other: '{n} روز دیگر' },
  },
  az: {
    near: ['2 gün əvvəl', 'dünən', 'bu gün', 'sabah', '2 gün sonra'],
    ago: { other: '{n} gün əvvəl' },
    ahead: { other: '{n} gün sonra' },
  },
  en: {
    near: ['2 days ago', 'yesterday', 'today', 'tomorrow', 'in 2 days'],
    ago: { one: '{n} day ago', other: '{n} days ago' },
    ahead: { one: 'in {n} day', other: 'in {n} days' },
  },
  ru: {
    near: ['позавчера', 'вчера', 'сегодня', 'завтра', 'послезавтра'],
    ago: { one: '{n} день назад', few: '{n} дня назад', many: '{n} дней назад' },
    ahead: { one: 'через {n} день', few: 'через {n} дня', many: 'через {n} дней' },
  },
}
