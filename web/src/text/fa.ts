import { common } from './fa/common.ts'
import { refusal } from './fa/refusal.ts'
import { door } from './fa/door.ts'
import { meet } from './fa/meet.ts'
import { conduct } from './fa/conduct.ts'
import { desk } from './fa/desk.ts'
import { hear } from './fa/hear.ts'
import { booth } from './fa/booth.ts'
import { library } from './fa/library.ts'
import { follow } from './fa/follow.ts'
import { habits } from './fa/habits.ts'
import { readout } from './fa/readout.ts'

export const fa = { ...common, ...refusal, ...door, ...meet, ...conduct, ...desk, ...hear, ...booth, ...library, ...follow, ...readout, ...habits }
