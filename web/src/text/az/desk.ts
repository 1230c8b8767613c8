import type { desk as en } from '../en/desk.ts'
import type { Words } from '../words.ts'

export const desk: Words<typeof en, 'az'> = {}
