import type { custody as en } from '../en/custody.ts'
import type { Words } from '../words.ts'

export const custody: Words<typeof en, 'fa'> = {
  'custody.title': 'سوابق',
  'custody.words': 'هر آنچه از این رایزنی می‌ماند با امضای همان طرف ثبت می‌شود. هر کس نسخه‌ای از این سوابق داشته باشد می‌تواند ثابت کند که از آن پس چیزی تغییر نکرده است.',
  'custody.entries': 'موارد ثبت‌شده',
  'custody.sealed': 'مهرشده: با امضای همهٔ طرف‌ها',
  'custody.delivered': 'تحویل‌شده: در دست همهٔ طرف‌ها',
  'custody.of': '{n} از {all}',
  'custody.copy-of': '{party} در {date}، ساعت {clock} از {n} مورد نخست نسخه گرفت',
  'custody.copy-none': '{party} هنوز نسخه‌ای نگرفته است',
  'custody.take': 'گرفتن نسخه',
  'custody.take-words': 'فایل را نزد خودتان نگه دارید؛ هر دو طرف می‌بینند که نسخه گرفته‌اید. درستی آن بدون این سرور بررسی می‌شود با دستور',
  'custody.step-none': 'طرف شما هنوز نسخه‌ای نگرفته است.',
  'custody.step': 'طرف شما از {n} مورد از {all} مورد نسخه دارد.',
  'custody.keys': 'کلیدهای امضای طرف‌ها',
  'custody.key-replaced': 'در {date}، ساعت {clock}، {party} کلید تازه گرفت؛ کلید پیشین این تغییر را امضا کرد. علت: {reason}.',
  'custody.key-lost': 'در {date}، ساعت {clock}، {party} کلید تازه گرفت، چون کلید پیشین از دست رفته بود؛ گردانندهٔ این سرور آن را تأیید می‌کند. علت: {reason}.',
  'custody.erased': 'آنچه پاک شده است',
  'custody.erased-none': 'چیزی پاک نشده است.',
  'custody.erased-message': 'در {date}، ساعت {clock}، {person} پیامی از {party} را پاک کرد. به موجب: {authority}',
  'custody.erased-recording': 'در {date}، ساعت {clock}، {person} یک ضبط را پاک کرد. به موجب: {authority}',
  'custody.erased-document': 'در {date}، ساعت {clock}، {person} سندی از {party} را پاک کرد. به موجب: {authority}',
  'custody.erased-term': 'در {date}، ساعت {clock}، {person} اصطلاحی از {party} را از واژه‌نامه پاک کرد. به موجب: {authority}',
}
