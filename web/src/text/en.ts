import { common } from './en/common.ts'
import { refusal } from './en/refusal.ts'
import { door } from './en/door.ts'
import { meet } from './en/meet.ts'
import { conduct } from './en/conduct.ts'
import { desk } from './en/desk.ts'
import { hear } from './en/hear.ts'
import { booth } from './en/booth.ts'
import { library } from './en/library.ts'
import { follow } from './en/follow.ts'
import { habits } from './en/habits.ts'
import { readout } from './en/readout.ts'

export const en = { ...common, ...refusal, ...door, ...meet, ...conduct, ...desk, ...hear, ...booth, ...library, ...follow, ...readout, ...habits } as const
