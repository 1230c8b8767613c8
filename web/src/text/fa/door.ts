import type { door as en } from '../en/door.ts'
import type { Words } from '../words.ts'

export const door: Words<typeof en, 'fa'> = {
  // The personal link
  'join.title': 'در حال باز کردن پیوند شما',
  'join.here': 'ادامه در اینجا',
  // Before entering: who and when
  'door.title': 'پیش از ورود',
  'door.as': 'با این نام وارد می‌شوید:',
  'door.enter': 'ورود به نشست',
  'door.entering': 'یک لحظه',
  // Own camera and microphone
  'door.own': 'دوربین و میکروفون',
  'door.camera-off': 'دوربین شما خاموش است',
  'door.picture': 'تصویر شما',
  'door.level': 'بلندی صدای میکروفون شما',
  'door.speak': 'چند کلمه بگویید: نوار باید حرکت کند.',
  'door.camera': 'دوربین',
  'door.microphone': 'میکروفون',
  'door.loudspeaker': 'بلندگو یا هدفون',
  'door.system': 'مطابق تنظیم همین دستگاه',
  'door.unnamed': 'دستگاه {n}',
  'door.processing': 'کاستن از پژواک و نوفه',
  'door.processing-hint': 'برای مترجمان و اتاق‌های دارای سامانهٔ صوتی مستقل خاموش شود.',
  'door.camera-blocked': 'مرورگر اجازهٔ استفاده از دوربین را به این صفحه نمی‌دهد؛ کنار نشانی صفحه اجازه دهید و دوباره تلاش کنید.',
  'door.camera-busy': 'برنامهٔ دیگری از دوربین استفاده می‌کند؛ آن را ببندید و دوباره تلاش کنید.',
  'door.camera-none': 'دوربینی پیدا نشد؛ دوربینی وصل کنید و دوباره تلاش کنید.',
  'door.microphone-blocked': 'مرورگر اجازهٔ استفاده از میکروفون را به این صفحه نمی‌دهد؛ کنار نشانی صفحه اجازه دهید و دوباره تلاش کنید.',
  'door.microphone-busy': 'برنامهٔ دیگری از میکروفون استفاده می‌کند؛ آن را ببندید و دوباره تلاش کنید.',
  'door.microphone-none': 'میکروفونی پیدا نشد؛ میکروفونی وصل کنید و دوباره تلاش کنید.',
  'door.microphone-silent': 'از میکروفون شما صدایی شنیده نمی‌شود؛ آن را روی خود دستگاه روشن کنید یا میکروفون دیگری انتخاب کنید.',
  // The loudspeaker
  'door.sound': 'بلندگو',
  'door.tone': 'پخش صدای آزمایشی',
  'door.heard': 'شنیدم',
  'door.unheard': 'چیزی نشنیدم',
  'door.sound-good': 'بلندگو کار می‌کند.',
  'door.sound-bad': 'صدا را بلندتر کنید یا بلندگوی دیگری انتخاب کنید و صدا را دوباره پخش کنید.',
  // The line
  'door.line': 'ارتباط با نشست',
  'door.line-testing': 'ارتباط در حال آزمایش است.',
  'door.line-figures': 'زمان پاسخ {ms} میلی‌ثانیه، اتلاف {percent} درصد',
  'door.line-slow-way': 'این شبکه فقط از راهی کندتر به نشست می‌رسد؛ نشست برگزار می‌شود.',
  'door.line-poor': 'ارتباط ضعیف است؛ کابل یا نزدیک‌تر شدن به مودم بی‌سیم کمک می‌کند.',
  'door.line-lost': 'صدا و تصویر از این شبکه نمی‌گذرد؛ شبکهٔ دیگری را بیازمایید یا از مسئول فنی بپرسید.',
  'door.line-again': 'آزمایش دوباره',
  // The lobby
  'lobby.title': 'لطفاً اندکی صبر کنید',
  'lobby.words': 'دبیر هیئت شما به شما اجازهٔ ورود خواهد داد.',
  'lobby.restoring': 'ارتباط در حال برقراری دوباره است؛ جای شما محفوظ است.',
}
