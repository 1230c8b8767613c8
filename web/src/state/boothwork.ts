// What an interpreter does at the console: on air and off, handing over, coughing. Closing is at once; opening waits for the node, which
// lets one voice into a channel.
import { Gate } from '../call/gate.ts'
import type { OwnMedia } from '../call/own.ts'
import type { Outgoing } from '../call/signalling.ts'
import type { Language, Meeting, Member, MemberID } from '../protocol.ts'
import { boothOf } from './hearing.ts'
import type { Refusal } from './session.ts'

const passes = 250 // ms: changing to another microphone is no loss

export interface BoothParts {
  context: AudioContext
  ask: <K extends BoothCommand>(type: K, body: Outgoing[K]) => Promise<Refusal | undefined>
}

type BoothCommand =
  | 'air.go-on' | 'air.go-off' | 'air.take-over' | 'handover.offer' | 'handover.accept' | 'interpretation.suspend' | 'interpretation.resume'
  | 'speaker.ask-slower' | 'help.call' | 'help.answer' | 'booth.set-languages'

export class BoothWork {
  private readonly parts: BoothParts
  private own: OwnMedia | undefined
  private gate: Gate | undefined
  private onAir = false
  private coughing = false
  private leaving = false // asked to go off air, not answered yet
  private losing: ReturnType<typeof setTimeout> | undefined

  constructor(parts: BoothParts) {
    this.parts = parts
  }

  attach(own: OwnMedia, signal: AbortSignal): void {
    this.own = own
    signal.addEventListener('abort', () => this.gate?.open(false), { once: true })
  }

  /** Brings the microphone into line with what the meeting says of me. */
  follow(meeting: Meeting | undefined, me: Member): void {
    if (!this.own || !meeting) return
    const seated = me.standing === 'admitted' && me.role === 'interpreter' && me.booth !== undefined
    if (seated) this.gate ??= new Gate(this.parts.context)
    this.own.guard(seated ? this.gate : undefined)
    this.onAir = seated && isOnAir(meeting, me.id)
    if (!this.onAir) this.coughing = this.leaving = false
    this.set()
    this.mind()
  }

  /** The gate goes on sending when nothing comes from the microphone, so the node cannot tell: it is told, and the listeners with it. */
  private mind(): void {
    const lost = () => this.onAir && (this.own?.speechless !== false || this.parts.context.state !== 'running')
    if (!lost()) {
      clearTimeout(this.losing)
      this.losing = undefined
      return
    }
    this.losing ??= setTimeout(() => {
      this.losing = undefined
      if (lost()) void this.parts.ask('air.go-off', { lost: true })
    }, passes)
  }

  private set(): void {
    this.gate?.open(this.onAir && !this.coughing && !this.leaving)
  }

  /** Into the channel of a language; without one, of the booth's own. */
  goOnAir(outgoing?: Language): Promise<Refusal | undefined> {
    this.leaving = false
    this.set()
    return this.parts.ask('air.go-on', outgoing === undefined ? {} : { outgoing })
  }

  async goOffAir(): Promise<Refusal | undefined> {
    this.leaving = true
    this.set()
    const refusal = await this.parts.ask('air.go-off', {})
    // While the line is away the node knows of nothing; who pressed off is not heard again when it returns.
    this.leaving = refusal?.code === 'network'
    this.set()
    return refusal
  }

  /** For as long as the key is held. */
  cough(held: boolean): void {
    this.coughing = held && this.onAir
    this.set()
  }

  ask: BoothParts['ask'] = (type, body) => this.parts.ask(type, body)
}

export function isOnAir(meeting: Meeting, id: MemberID): boolean {
  const booth = meeting.members[id]?.booth
  return booth !== undefined && boothOf(meeting, booth).onAir === id
}
