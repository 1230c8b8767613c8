import type { refusal as en } from '../en/refusal.ts'
import type { Words } from '../words.ts'

export const refusal: Words<typeof en, 'az'> = {
  'refusal.network': 'Serverlə əlaqə yoxdur; bağlantınızı yoxlayın.',
  'refusal.internal': 'Sistemdə xəta baş verdi; təkrarlanarsa, texniki mütəxəssisə {id} nömrəsini bildirin.',
  'refusal.unknown': 'Bu əməliyyat indi yerinə yetirilmədi; yenidən cəhd edin.',
  'refusal.not-found': 'Bu artıq burada yoxdur və ya keçid tam deyil.',
  'refusal.not-signed-in': 'Əvvəlcə daxil olun.',
  'refusal.forbidden': 'Rolunuz buna icazə vermir; nümayəndə heyətinin katibi kömək edə bilər.',
  'refusal.too-many': { by: 'seconds', other: 'Cəhdlərin sayı çoxdur; {seconds} saniyədən sonra yenidən cəhd edin.' },
  'refusal.bad-request': 'Daxil edilənlərdə səhv var; yoxlayın.',
  'refusal.too-large': 'Bunun həcmi göndərmək üçün çox böyükdür.',
}
