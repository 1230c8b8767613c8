export const hear = {
  // What a listener hears, and chooses to hear
  'hear.title': 'آنچه می‌شنوید',
  'hear.question': 'چه می‌خواهید بشنوید؟',
  'hear.mine': 'زبان من ({language})',
  'hear.original': 'صدای اصلی، همان‌گونه که گفته می‌شود',
  'hear.level': 'صدای اصلی زیر ترجمه',
  'hear.percent': '{percent}٪',
  'hear.off': 'شنیده نمی‌شود',
  'hear.floor': 'زبان سخنران: {language}',
  'hear.channel': 'می‌شنوید: ترجمه به {language}',
  'hear.plain': 'می‌شنوید: صدای اصلی',
  'hear.suspended': 'ترجمه به {language} متوقف شده است؛ صدای اصلی را می‌شنوید.',
  'hear.uninterpreted': 'اکنون کسی به {language} ترجمه نمی‌کند؛ صدای اصلی را می‌شنوید.',
  'hear.i-speak': 'من سخن می‌گویم به',
  'hear.being-spoken': 'زبانی که اکنون گفته می‌شود',
  'hear.slower': 'مترجمان خواهش می‌کنند کمی آهسته‌تر سخن بگویید.',
  'set.key-language': 'آنچه می‌شنوید',
} as const
