// By how much the node's clock is ahead of ours, from pings. Pure: times are arguments.

const remembered = 60 // pings: half a minute, in which no clock drifts by a millisecond
const worst = 1_000 // ms there and back; what took longer tells nothing

/** The way there and the way back are taken to be of one length, so the shortest of the last round trips errs least: by half of it at most. */
export class ClockOffset {
  private trips: { rtt: number; ahead: number }[] = []

  note(sent: number, told: number, came: number): void {
    const rtt = came - sent
    if (rtt < 0 || rtt > worst) return
    this.trips.push({ rtt, ahead: told + rtt / 2 - came })
    if (this.trips.length > remembered) this.trips.shift()
  }

  get ahead(): number | undefined {
    let best = this.trips[0]
    for (const trip of this.trips) if (best && trip.rtt <= best.rtt) best = trip
    return best?.ahead
  }
}
