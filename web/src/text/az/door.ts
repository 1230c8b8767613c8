import type { door as en } from '../en/door.ts'
import type { Words } from '../words.ts'

export const door: Words<typeof en, 'az'> = {
  // The personal link
  'join.title': 'Keçidiniz açılır',
  'join.here': 'Burada davam edin',
  // Before entering: who and when
  'door.title': 'Daxil olmazdan əvvəl',
  'door.as': 'Bu adla daxil olursunuz:',
  'door.enter': 'Görüşə daxil olun',
  'door.entering': 'Bir an',
  // Own camera and microphone
  'door.own': 'Kamera və mikrofon',
  'door.camera-off': 'Kameranız söndürülüb',
  'door.picture': 'Görüntünüz',
  'door.level': 'Mikrofonunuzun səs səviyyəsi',
  'door.speak': 'Bir neçə söz deyin: zolaq hərəkət etməlidir.',
  'door.camera': 'Kamera',
  'door.microphone': 'Mikrofon',
  'door.loudspeaker': 'Dinamik və ya qulaqlıq',
  'door.system': 'Bu cihazda təyin edildiyi kimi',
  'door.unnamed': 'Cihaz {n}',
  'door.processing': 'Əks-səda və küy azaldılsın',
  'door.processing-hint': 'Tərcüməçilər və öz səs sistemi olan otaqlar üçün söndürün.',
  'door.camera-blocked': 'Brauzer bu səhifəyə kameradan istifadə etməyə icazə vermir; ünvanın yanında icazə verin və yenidən cəhd edin.',
  'door.camera-busy': 'Kameradan başqa proqram istifadə edir; onu bağlayın və yenidən cəhd edin.',
  'door.camera-none': 'Kamera tapılmadı; kamera qoşun və yenidən cəhd edin.',
  'door.microphone-blocked': 'Brauzer bu səhifəyə mikrofondan istifadə etməyə icazə vermir; ünvanın yanında icazə verin və yenidən cəhd edin.',
  'door.microphone-busy': 'Mikrofondan başqa proqram istifadə edir; onu bağlayın və yenidən cəhd edin.',
  'door.microphone-none': 'Mikrofon tapılmadı; mikrofon qoşun və yenidən cəhd edin.',
  'door.microphone-silent': 'Mikrofonunuzdan heç nə eşidilmir; onu cihazın özündə açın və ya başqasını seçin.',
  // The loudspeaker
  'door.sound': 'Dinamik',
  'door.tone': 'Sınaq səsini dinləyin',
  'door.heard': 'Eşitdim',
  'door.unheard': 'Heç nə eşitmədim',
  'door.sound-good': 'Dinamik işləyir.',
  'door.sound-bad': 'Səsi artırın və ya başqa dinamik seçin, sonra sınaq səsini yenidən dinləyin.',
  // The line
  'door.line': 'Görüşlə əlaqə',
  'door.line-testing': 'Əlaqə yoxlanılır.',
  'door.line-figures': 'Cavab müddəti {ms} millisaniyə, itki {percent} %',
  'door.line-slow-way': 'Bu şəbəkədən görüşə yalnız daha yavaş yolla çatmaq olur; görüş keçirilə bilər.',
  'door.line-poor': 'Əlaqə zəifdir; kabel və ya simsiz şəbəkəyə daha yaxın yer kömək edər.',
  'door.line-lost': 'Səs və görüntü bu şəbəkədən keçmir; başqa şəbəkəni sınayın və ya texniki mütəxəssisə müraciət edin.',
  'door.line-again': 'Yenidən yoxlayın',
  // The lobby
  'lobby.title': 'Zəhmət olmasa, bir az gözləyin',
  'lobby.words': 'Tərəfinizin katibi sizi içəri buraxacaq.',
  'lobby.restoring': 'Əlaqə bərpa olunur; yeriniz saxlanılır.',
}
