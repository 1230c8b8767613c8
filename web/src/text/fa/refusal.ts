import type { refusal as en } from '../en/refusal.ts'
import type { Words } from '../words.ts'

export const refusal: Words<typeof en, 'fa'> = {
  'refusal.network': 'دسترسی به سرور ممکن نیست؛ لطفاً اتصال خود را بررسی کنید.',
  'refusal.internal': 'خطایی در سامانه رخ داد؛ اگر تکرار شد، شمارهٔ {id} را به مسئول فنی بدهید.',
  'refusal.unknown': 'این کار اکنون انجام نشد؛ لطفاً دوباره تلاش کنید.',
  'refusal.not-found': 'این مورد دیگر موجود نیست یا پیوند کامل نیست.',
  'refusal.not-signed-in': 'لطفاً نخست وارد شوید.',
  'refusal.forbidden': 'نقش شما اجازهٔ این کار را نمی‌دهد؛ دبیر هیئت می‌تواند کمک کند.',
  'refusal.too-many': { by: 'seconds', other: 'شمار تلاش‌ها زیاد بود؛ لطفاً {seconds} ثانیهٔ دیگر دوباره تلاش کنید.' },
  'refusal.bad-request': 'بخشی از آنچه وارد شده درست نیست؛ لطفاً بررسی کنید.',
  'refusal.too-large': 'حجم این مورد برای ارسال زیاد است.',
}
