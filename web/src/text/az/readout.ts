export const readout = {
  'refusal.unknown-element': 'Bu hissə artıq yoxdur; zəhmət olmasa, siyahıya baxın.',
  'refusal.element-twice': 'Bu hissə artıq məlumatda var.',
  'refusal.element-open': 'Məlumatdakı ortaq hissələrdən biri hələ razılaşdırılmayıb; qarşı tərəfin cavabını gözləyin və ya onu çıxarın.',
  'refusal.part-missing': '{n}-ci abzasın dillərdən birində ({language}) mətni yoxdur; onu yazın və ya həmin dili hər yerdən çıxarın.',
  'refusal.readout-public': 'Məlumat dərc olunub; bundan sonra yalnız düzəliş əlavə etmək olar.',
  'refusal.readout-ready': 'Tərəflərdən biri hazır olduğunu bildirib; bu mətn dəyişməzdən əvvəl o bunu geri götürməlidir.',
  'refusal.not-ready': 'Zəhmət olmasa, əvvəlcə məlumatınızın hazır olduğunu bildirin.',
  'refusal.not-published': 'Tərəfinizin məlumatı hələ dərc olunmayıb; onu dəyişə bilərsiniz.',
  'refusal.moment-wrong': 'Bu vaxt çox tezdir və ya bir ildən uzaqdır; indidən ən azı {minutes} dəqiqə sonranı seçin.',
  'refusal.embargo-stands': 'Tərəflər dərc vaxtı barədə razılaşıb; həmin vaxta qədər heç biri təkbaşına dərc etmir.',
  'search.draft': 'Məlumatımızın layihəsi',
  'search.readout': 'Dərc olunmuş məlumat',
} as const
