export const hear = {
  // What a listener hears, and chooses to hear
  'hear.title': 'Что вы слышите',
  'hear.question': 'Что вы хотите слышать?',
  'hear.mine': 'Мой язык ({language})',
  'hear.original': 'Оригинал, как говорят',
  'hear.level': 'Громкость оригинала под переводом',
  'hear.percent': '{percent} %',
  'hear.off': 'не слышно',
  'hear.floor': 'Сейчас говорят: {language}',
  'hear.channel': 'Вы слышите: перевод ({language})',
  'hear.plain': 'Вы слышите: оригинал',
  'hear.suspended': 'Перевод приостановлен ({language}); вы слышите оригинал.',
  'hear.uninterpreted': 'Сейчас никто не переводит ({language}); вы слышите оригинал.',
  'hear.i-speak': 'Я говорю на языке',
  'hear.being-spoken': 'Язык выступления',
  'hear.slower': 'Переводчики просят вас говорить немного медленнее.',
  'set.key-language': 'Что вы слышите',
} as const
