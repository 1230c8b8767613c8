import { common } from './az/common.ts'
import { refusal } from './az/refusal.ts'
import { door } from './az/door.ts'
import { meet } from './az/meet.ts'
import { conduct } from './az/conduct.ts'
import { desk } from './az/desk.ts'
import { hear } from './az/hear.ts'
import { booth } from './az/booth.ts'
import { library } from './az/library.ts'
import { follow } from './az/follow.ts'
import { habits } from './az/habits.ts'
import { readout } from './az/readout.ts'

export const az = { ...common, ...refusal, ...door, ...meet, ...conduct, ...desk, ...hear, ...booth, ...library, ...follow, ...readout, ...habits }
