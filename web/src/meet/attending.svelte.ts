// The attendance as Svelte sees it: one view, replaced when it changes.
import { Attendance, type View } from '../state/attendance.ts'
import type { Member } from '../protocol.ts'
import { signWanted } from './sign.ts'
import { sends } from '../state/roles.ts'

export class Attending {
  readonly attendance: Attendance
  readonly seat: string
  view: View = $state.raw() as View
  /** The sign-language interpreter's picture is shown. */
  sign: boolean = $state(signWanted())
  readonly me: Member | undefined = $derived(this.view.meeting?.members[this.view.you])
  readonly observer: boolean = $derived(this.me !== undefined && !sends(this.me.role))

  constructor(seat: string, signal: AbortSignal) {
    this.seat = seat
    this.attendance = new Attendance(seat, signal)
    this.view = this.attendance.view
    this.attendance.news.listen('view', (view) => { this.view = view }, signal)
    void this.attendance.run()
  }
}
