import type { meet as en } from '../en/meet.ts'
import type { Words } from '../words.ts'

export const meet: Words<typeof en, 'az'> = {}
