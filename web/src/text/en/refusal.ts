export const refusal = {
  'refusal.network': 'The server cannot be reached; please check your connection.',
  'refusal.internal': 'Something went wrong on our side; if it happens again, please give your technician the number {id}.',
  'refusal.unknown': 'This could not be done now; please try again.',
  'refusal.not-found': 'This is no longer here, or the link is not complete.',
  'refusal.not-signed-in': 'Please sign in first.',
  'refusal.forbidden': 'Your role does not allow this; your secretary can help.',
  'refusal.too-many': { by: 'seconds', one: 'Too many attempts; please try again in {seconds} second.', other: 'Too many attempts; please try again in {seconds} seconds.' },
  'refusal.bad-request': 'Something entered here is not right; please check it.',
  'refusal.too-large': 'This is too large to be sent.',
} as const
