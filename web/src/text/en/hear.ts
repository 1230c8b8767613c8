export const hear = {
  // What a listener hears, and chooses to hear
  'hear.title': 'What you hear',
  'hear.question': 'What do you want to hear?',
  'hear.mine': 'My language ({language})',
  'hear.original': 'Original, as it is spoken',
  'hear.level': 'Original under the interpretation',
  'hear.percent': '{percent} %',
  'hear.off': 'not heard',
  'hear.floor': 'Being spoken: {language}',
  'hear.channel': 'You hear: {language}, interpreted',
  'hear.plain': 'You hear: the original',
  'hear.suspended': 'The interpretation is suspended ({language}); you hear the original.',
  'hear.uninterpreted': 'Nobody is interpreting now ({language}); you hear the original.',
  'hear.i-speak': 'I speak',
  'hear.being-spoken': 'Language being spoken',
  'hear.slower': 'The interpreters ask you to speak a little more slowly.',
  'set.key-language': 'What you hear',
} as const
