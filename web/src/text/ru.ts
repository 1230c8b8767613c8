import { common } from './ru/common.ts'
import { refusal } from './ru/refusal.ts'
import { door } from './ru/door.ts'
import { meet } from './ru/meet.ts'
import { conduct } from './ru/conduct.ts'
import { desk } from './ru/desk.ts'
import { hear } from './ru/hear.ts'
import { booth } from './ru/booth.ts'
import { library } from './ru/library.ts'
import { follow } from './ru/follow.ts'
import { habits } from './ru/habits.ts'
import { readout } from './ru/readout.ts'

export const ru = { ...common, ...refusal, ...door, ...meet, ...conduct, ...desk, ...hear, ...booth, ...library, ...follow, ...readout, ...habits }
