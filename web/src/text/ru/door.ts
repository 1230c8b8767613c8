import type { door as en } from '../en/door.ts'
import type { Words } from '../words.ts'

export const door: Words<typeof en, 'ru'> = {}
