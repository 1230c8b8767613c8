export const hear = {
  // What a listener hears, and chooses to hear
  'hear.title': 'Nə eşidirsiniz',
  'hear.question': 'Nə eşitmək istəyirsiniz?',
  'hear.mine': 'Mənim dilim ({language})',
  'hear.original': 'Orijinal, deyildiyi kimi',
  'hear.level': 'Tərcümə altında orijinalın səsi',
  'hear.percent': '{percent}%',
  'hear.off': 'eşidilmir',
  'hear.floor': 'Çıxış dili: {language}',
  'hear.channel': 'Eşidirsiniz: tərcümə ({language})',
  'hear.plain': 'Eşidirsiniz: orijinal',
  'hear.suspended': 'Tərcümə dayandırılıb ({language}); orijinalı eşidirsiniz.',
  'hear.uninterpreted': 'Hazırda tərcümə edən yoxdur ({language}); orijinalı eşidirsiniz.',
  'hear.i-speak': 'Mənim danışdığım dil',
  'hear.being-spoken': 'Hazırda danışılan dil',
  'hear.slower': 'Tərcüməçilər bir az asta danışmağınızı xahiş edirlər.',
  'set.key-language': 'Nə eşidirsiniz',
} as const
