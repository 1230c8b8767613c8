// What I hear, in a word for its control.
import { languageName } from '../named.ts'
import { t } from '../language.svelte.ts'
import type { View } from '../state/attendance.ts'

export function heardName(view: View): string {
  const { hearing, meeting } = view
  if (hearing.plan === 'interpreter' && hearing.channel) return languageName(hearing.channel)
  // Where the original is my language, its name says more than "original".
  const floor = meeting?.interpretation.floor
  return floor && floor === meeting?.members[view.you]?.language ? languageName(floor) : t('term.original')
}
