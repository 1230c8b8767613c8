export const readout = {
  'refusal.unknown-element': 'This passage is not there any more; please look at the list.',
  'refusal.element-twice': 'This passage stands in the account already.',
  'refusal.element-open': 'A passage in the account is not agreed yet; wait for the other side’s answer or take it out.',
  'refusal.part-missing': 'Paragraph {n} has no text in one of the languages ({language}); please add it or empty that language everywhere.',
  'refusal.readout-public': 'The account is published; from now on only a correction notice can be added.',
  'refusal.readout-ready': 'A side has said that it is ready; it must take that back before this wording can change.',
  'refusal.not-ready': 'Please say first that your account is ready.',
  'refusal.not-published': 'The account of your side is not published yet; you can still change it.',
  'refusal.moment-wrong': 'This moment is too early or more than a year ahead; please choose one that is at least {minutes} minutes from now.',
  'refusal.embargo-stands': 'Both sides agreed on a moment of publication; until then neither publishes alone.',
  'search.draft': 'Draft of our account',
  'search.readout': 'Published account',
} as const
