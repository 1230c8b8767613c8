// My attending of one meeting: from the check page through the lobby to the table, and back there after every bad moment.
// It owns the line, the call, the mixer and my devices; screens read `view` and are told when it is another one.
import { Call, type CallState } from '../call/call.ts'
import { openForInspection } from '../call/inspection.ts'
import { Loudness, type Finding } from '../call/loudness.ts'
import { Mixer } from '../call/mixer.ts'
import { News } from '../call/news.ts'
import { OwnMedia, type Device, type DeviceKind, type Fault } from '../call/own.ts'
import { Signalling, type LineState, type Outgoing } from '../call/signalling.ts'
import { Slots } from '../call/slots.ts'
import { BoothWork } from './boothwork.ts'
import type { Audience, Choice, Hearing, Language, Layout, Line, Meeting, Member, MemberCommands, MemberID, SeatInfo, SoundResult, Welcome } from '../protocol.ts'
import { behindCurtain, curtainLeft } from './ceremony.ts'
import { asking, hasFloor } from './floor.ts'
import { hearing, interpreted, usual } from './hearing.ts'
import { storeChoice, storedChoice } from './listening.ts'
import { apply } from './meeting.ts'
import { sends } from './roles.ts'
import { call, Refusal } from './session.ts'

export type Phase = 'loading' | 'door' | 'lobby' | 'table' | 'left' | 'ended'

/** My own side of the call as a screen shows it. */
export interface OwnView {
  readonly opened: boolean
  readonly microphoneOn: boolean
  readonly cameraOn: boolean
  readonly microphone: MediaStreamTrack | undefined
  readonly camera: MediaStreamTrack | undefined
  readonly screen: MediaStreamTrack | undefined
  readonly faults: Readonly<Partial<Record<'microphone' | 'camera', Fault>>>
  readonly devices: Readonly<Record<DeviceKind, readonly Device[]>>
  readonly chosen: Readonly<Record<DeviceKind, string>>
  readonly processing: boolean
  readonly muted: boolean // by the system, or by a switch at the microphone
}

export interface View {
  readonly phase: Phase
  readonly entering: boolean // asked to enter, not answered yet
  readonly ended: Refusal | undefined
  readonly you: MemberID
  readonly meeting: Meeting | undefined
  readonly line: LineState
  readonly call: CallState
  readonly own: OwnView
  readonly speakers: readonly MemberID[]
  readonly lines: Readonly<Record<MemberID, Line>>
  readonly seen: ReadonlySet<MemberID> // at the table since this page was opened
  readonly sound: boolean // the browser plays sound
  readonly finding: Finding
  readonly refusal: Refusal | undefined // of the last thing asked
  readonly ahead: number // milliseconds by which the node's clock is ahead of ours
  readonly rises: number | undefined // when the curtain before the principals does, by the node's clock, as it said
  readonly choice: Choice // what I want to hear
  readonly hearing: Hearing // what I hear
  readonly listeners: Readonly<Partial<Record<Language, number>>> // of each channel, for the booths
  readonly terms: number // how often there was news of the glossary
}

const noDevices = { microphone: [], camera: [], loudspeaker: [] }
const nothingYet: View = {
  phase: 'loading', entering: false, ended: undefined, you: '', meeting: undefined, line: 'connecting', call: 'idle',
  own: {
    opened: false, microphoneOn: true, cameraOn: true, microphone: undefined, camera: undefined, screen: undefined, faults: {},
    devices: noDevices, chosen: { microphone: 'default', camera: 'default', loudspeaker: 'default' }, processing: true, muted: false,
  },
  speakers: [], lines: {}, seen: new Set(), sound: true, finding: 'none', refusal: undefined, ahead: 0, rises: undefined,
  choice: usual, hearing: { plan: 'floor', heard: [] }, listeners: {}, terms: 0,
}

// An event that changes who is heard and the seats that follow from it are two messages: the mixer waits for the second.
const together = 15 // ms

type Switchable = 'microphone' | 'camera' | 'screen'

export class Attendance {
  readonly news = new News<{ view: View }>()
  readonly slots = new Slots()
  readonly line: Signalling
  readonly mixer: Mixer
  readonly loudness: Loudness
  readonly booth: BoothWork
  view: View = nothingYet
  own: OwnMedia | undefined

  private readonly seat: string
  private readonly signal: AbortSignal
  private readonly life = new AbortController()
  private rtc: Call | undefined
  private asked = false // the person has pressed Enter
  private inside = false // this socket has entered
  private cameIn = false // this page has been inside
  private epoch = ''
  private readonly asking = new Set<Switchable>()
  private readonly barred = new Set<Switchable>()
  private layout: Layout | undefined
  private choosing = false
  private compared = false // the clocks, by a ping: better than by a welcome, which comes late where there is much in it
  private shown: string | undefined // the go after which the node was told that the principals' pictures are here
  private set: number | undefined // the moment of the curtain of which the node was told that it is known here
  private checked: SoundResult | undefined
  private lifting: ReturnType<typeof setTimeout> | undefined // of the curtain
  private mixing: ReturnType<typeof setTimeout> | undefined

  constructor(seat: string, signal: AbortSignal) {
    this.seat = seat
    this.signal = AbortSignal.any([signal, this.life.signal])
    const at = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/seats/${encodeURIComponent(seat)}/socket`
    this.line = new Signalling({ url: at, why: () => this.whyNot() })
    this.view = { ...nothingYet, choice: storedChoice(seat) }
    this.mixer = new Mixer(this.signal)
    this.loudness = new Loudness(this.mixer.context, () => this.view.own.microphoneOn && this.heard() || this.whispers(), this.signal)
    this.booth = new BoothWork({ context: this.mixer.context, ask: (type, body) => this.command(type, body) })
  }

  async run(): Promise<void> {
    const { line, mixer, signal } = this
    mixer.news.listen('running', (sound) => { this.show({ sound }); this.arrange() }, signal)
    this.loudness.news.listen('checked', (result) => { this.checked = result; void this.settleCheck() }, signal)
    this.loudness.news.listen('figures', (figures) => { if (this.inside && this.view.own.microphoneOn) this.line.tell('input', { ...figures, level: Math.round(figures.level), clipped: Math.round(figures.clipped * 100) / 100 }) }, signal)
    this.loudness.news.listen('finding', (finding) => this.show({ finding }), signal)
    line.news.listen('welcome', (welcome) => this.welcomed(welcome), signal)
    line.news.listen('event', ({ event }) => this.learn((meeting) => meeting && apply(meeting, event)), signal)
    line.news.listen('speakers', ({ members }) => this.show({ speakers: members }), signal)
    line.news.listen('lines', ({ lines }) => this.show({ lines }), signal)
    line.news.listen('listeners', ({ channels }) => this.show({ listeners: channels }), signal)
    line.news.listen('ahead', (ahead) => { this.compared = true; this.show({ ahead }) }, signal)
    line.news.listen('curtain', ({ rises }) => { this.show({ rises: Date.parse(rises) }); this.hear(false) }, signal)
    line.news.listen('terms', () => this.show({ terms: this.view.terms + 1 }), signal)
    line.news.listen('ended', (why) => this.end(why), signal)
    line.news.listen('state', (state) => this.lineBecame(state), signal)
    line.run(signal) // at once: the welcome travels while the seat is read
    const seat = await call<SeatInfo>('GET', `/api/seats/${encodeURIComponent(this.seat)}`, undefined, { signal })
    if (signal.aborted) return
    if (!(seat instanceof Refusal)) this.sitDown(seat.you, seat.consultation)
    else if (seat.code !== 'network') this.end(seat)
    // Without an answer the line goes on trying, and its welcome says the same.
  }

  // ---- what the person does -----------------------------------------------------------------------------------------

  /** Leaves the check page. What is missing on the line is made up for when it is there. */
  async enter(): Promise<void> {
    if (this.asked) return
    this.asked = true
    this.show({ entering: true })
    void this.mixer.resume()
    await this.comeIn()
  }

  async leave(): Promise<void> {
    if (this.inside) await Promise.race([this.line.ask('leave', {}), new Promise((settle) => setTimeout(settle, 1_000))])
    this.show({ phase: 'left' })
    this.life.abort()
  }

  setMicrophone(on: boolean): void {
    this.barred.delete('microphone')
    // To the side or to all, never to both: the whisper ends before the microphone opens.
    if (on && this.whispers()) void this.command('whisper.set', { on: false }).then((refusal) => { if (!refusal) this.own?.setMicrophone(true) })
    else this.own?.setMicrophone(on)
  }

  setBackRoom(hear: boolean): void {
    void this.command(hear ? 'backroom.enter' : 'backroom.leave', {})
  }

  /** My voice to my side instead of the floor. The microphone is off before, and stays off afterwards. */
  setWhisper(on: boolean): void {
    if (on) this.own?.setMicrophone(false)
    void this.command('whisper.set', { on })
  }

  setCamera(on: boolean): void {
    this.barred.delete('camera')
    void this.own?.setCamera(on)
  }

  async setScreen(on: boolean): Promise<void> {
    if (on) await this.own?.shareScreen()
    else this.own?.stopScreen()
  }

  /** The one key of who wants to speak: asks for the floor, takes the request back, or gives the floor back. */
  async useFloor(): Promise<void> {
    const { meeting, you } = this.view
    if (!meeting) return
    if (meeting.floor.speaker === you) await this.command('floor.give-back', {})
    else await this.command(asking(meeting, you) > 0 ? 'floor.withdraw' : 'floor.ask', {})
  }

  say(to: Audience, text: string): Promise<Refusal | undefined> {
    return this.command('chat.say', { to, text })
  }

  /** Of a secretary: own people only. No members: all who wait. */
  admit(members: MemberID[]): Promise<Refusal | undefined> {
    return this.command('member.admit', { members })
  }

  turnAway(member: MemberID): Promise<Refusal | undefined> {
    return this.command('member.refuse', { member })
  }

  remove(member: MemberID): Promise<Refusal | undefined> {
    return this.command('member.remove', { member })
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    await this.own?.choose(kind, id)
    if (kind === 'loudspeaker') await this.mixer.sendTo(id)
  }

  /** What the screen shows, for the node to seat pictures by. */
  look(layout: Layout): void {
    this.layout = layout
    if (this.inside) this.line.tell('layout', layout)
  }

  /** Behind the curtain all principals of the other sides can be seen. */
  curtainReady(): void {
    const go = this.view.meeting?.ceremony.together
    if (go === undefined || go === this.shown) return
    this.shown = go
    this.line.tell('curtain.ready', {})
  }

  /** The page will show the principals at the moment that the node named last. */
  curtainSet(): void {
    const { rises, meeting } = this.view
    if (rises === undefined || rises === this.set || this.me()?.role !== 'head' || meeting?.ceremony.together === undefined) return
    this.set = rises
    this.line.tell('curtain.set', { rises: new Date(rises).toISOString() })
  }

  /** What I want to hear: heard at once as far as it is here, and told to the node, which sends the rest. */
  listenTo(choice: Choice): void {
    storeChoice(this.seat, choice)
    this.show({ choice })
    this.hear(true)
    this.arrange()
  }

  /** Says which language is being spoken: of myself, or, from a booth or a chair, of whoever speaks. */
  markLanguage(language: Language): Promise<Refusal | undefined> {
    return this.command('floor-language.mark', { language })
  }

  forgetRefusal(): void {
    this.show({ refusal: undefined })
  }

  private whispers(): boolean {
    return this.view.meeting?.backRoom.whispering.includes(this.view.you) ?? false
  }

  /** Whether what my microphone brings goes to all; at the door it would. */
  private heard(): boolean {
    const { meeting, you } = this.view
    return this.view.phase !== 'table' || meeting === undefined || hasFloor(meeting, you)
  }

  me(): Member | undefined {
    return this.view.meeting?.members[this.view.you]
  }

  // ---- coming in, and coming back -----------------------------------------------------------------------------------

  private sitDown(you: MemberID, meeting: Meeting): void {
    if (this.view.phase === 'loading') this.show({ phase: 'door' })
    if (!this.view.meeting) this.show({ you, meeting })
    const role = this.me()?.role
    if (this.own || !role) return
    const own = this.own = new OwnMedia(role, this.signal)
    if (wasAtTable(this.seat)) own.setMicrophone(false) // coming back opens nobody's microphone
    own.news.listen('changed', () => this.ownChanged(), this.signal)
    own.news.listen('track', (source) => { if (source === 'microphone') this.loudness.listenTo(own.tracks.get('microphone')) }, this.signal)
    this.booth.attach(own, this.signal)
    this.rtc = new Call({ line: this.line, own, slots: this.slots, mixer: this.mixer, role, heard: () => this.view.hearing.heard }, this.signal)
    this.rtc.news.listen('state', (state) => this.show({ call: state }), this.signal)
    openForInspection(this.line, this.rtc, this.mixer, this.signal)
    void this.mixer.sendTo(own.chosen('loudspeaker'))
    this.ownChanged()
    // The own picture first; making the offer takes the page a moment.
    if (!sends(role)) this.rtc.prepare()
    else void own.open().then(() => { if (!this.signal.aborted) this.rtc?.prepare() })
    this.arrange()
  }

  private welcomed(welcome: Welcome): void {
    this.epoch = welcome.epoch
    if (!this.compared) this.show({ ahead: Date.parse(welcome.now) - Date.now() })
    if (welcome.snapshot) this.learn(() => welcome.snapshot)
    else for (const event of welcome.missed ?? []) this.learn((meeting) => meeting && apply(meeting, event))
    if (this.view.meeting) {
      this.show({ you: welcome.you })
      this.hear(false)
      this.sitDown(welcome.you, this.view.meeting)
    }
    this.rtc?.reachBy((welcome.ice ?? []).map(({ urls, username, credential }) => ({ urls: [...urls], username, credential })))
    this.rtc?.seekBy(welcome.beacon)
    this.rtc?.prefer(welcome.camera)
  }

  private lineBecame(state: LineState): void {
    // What was true of the others' lines and voices is not known while ours is away.
    this.show(state === 'open' ? { line: state } : { line: state, speakers: [], lines: {} })
    if (state !== 'open') this.inside = false
    else if (this.asked) void this.comeIn()
  }

  private async comeIn(): Promise<void> {
    if (this.line.state !== 'open') return
    const answer = this.line.ask('enter', {})
    // Who will be at the table at once need not wait for the answer: the offer follows on its heels.
    const me = this.me()
    if (me && (me.standing === 'admitted' || me.role === 'secretary' || this.view.meeting?.openDoor)) {
      this.rtc?.start()
      // When the screen shows what the welcome told: tiles of who has gone must not be asked about their seats.
      setTimeout(() => { if (!this.signal.aborted && this.line.state === 'open') this.rtc?.entered(this.epoch) })
    }
    const said = await answer
    if (this.signal.aborted) return
    if (said instanceof Refusal) {
      if (said.code !== 'network') this.end(said)
      return
    }
    // A page that was loaded again has not been asked to whisper.
    if (!this.inside && !this.cameIn && this.whispers()) await this.command('whisper.set', { on: false })
    this.inside = this.cameIn = true
    this.show({ entering: false })
    this.rtc?.entered(this.epoch)
    if (this.layout) this.line.tell('layout', this.layout)
    this.arrange()
  }

  private learn(change: (meeting: Meeting | undefined) => Meeting | undefined): void {
    const before = this.view.meeting
    const meeting = change(before)
    if (!meeting || meeting === before) return
    const here = Object.values(meeting.members).filter((member) => member.present && member.standing === 'admitted' && !this.view.seen.has(member.id))
    this.show({ meeting, ...(here.length > 0 ? { seen: new Set([...this.view.seen, ...here.map((member) => member.id)]) } : {}) })
    this.hear(false)
    this.arrange()
  }

  private hear(atOnce: boolean): void {
    const { meeting, you, choice } = this.view
    if (!meeting) return
    const told = hearing(meeting, you, choice)
    const curtain = curtainLeft(meeting, Date.now() + this.view.ahead, this.view.rises)
    this.show({ hearing: curtain > 0 ? behindCurtain(meeting, you, told) : told })
    clearTimeout(this.lifting)
    if (curtain > 0) this.lifting = setTimeout(() => this.hear(true), curtain)
    this.mixer.even(interpreted(meeting))
    clearTimeout(this.mixing)
    this.mixing = setTimeout(() => this.rtc?.mix(), atOnce ? 0 : together)
  }

  /** Brings the rest into line with what the node says and what the person wants. Called after every change of either. */
  private arrange(): void {
    if (!this.asked || !this.inside || this.view.phase === 'left' || this.view.phase === 'ended') return
    const me = this.me()
    if (!me) return
    this.booth.follow(this.view.meeting, me)
    if (me.standing === 'admitted') {
      this.show({ phase: 'table' })
      keepAtTable(this.seat)
      this.rtc?.start()
      this.own?.setWhisper(this.whispers())
      for (const what of ['microphone', 'camera', 'screen'] as const) void this.settle(what, me)
      void this.settleChoice(me)
      void this.settleCheck()
    } else if (me.standing === 'invited') {
      this.show({ phase: 'lobby' })
    }
  }

  /** Tells the node what I send when it believes something else: after entering, a switch, a restart of the node. */
  private async settle(what: Switchable, me: Member): Promise<void> {
    const { own } = this.view
    const on = what === 'screen' ? own.screen !== undefined : own[what] !== undefined && (what === 'microphone' ? own.microphoneOn : own.cameraOn)
    if (what === 'microphone' && me.booth) return // leads into a channel, by the console
    if (!me.present || me[what] === on || this.asking.has(what) || this.barred.has(what) || !sends(me.role)) return
    this.asking.add(what)
    const said = await this.line.ask(`${what}.set`, { on })
    this.asking.delete(what)
    if (this.signal.aborted) return
    if (said instanceof Refusal && said.code !== 'network') {
      if (what === 'screen') this.own?.stopScreen()
      else this.barred.add(what)
      this.show({ refusal: said })
    }
    this.arrange()
  }

  /** What the check of my microphone found, for the record; said at the door too. */
  private async settleCheck(): Promise<void> {
    const me = this.me()
    const result = this.checked
    if (!result || !me || me.sound === result || this.line.state !== 'open' || !sends(me.role)) return
    const said = await this.line.ask('sound.check', { result })
    if (said instanceof Refusal && said.code !== 'network') this.checked = undefined // not here: nothing to be said again
  }

  private async settleChoice(me: Member): Promise<void> {
    const { meeting, choice } = this.view
    const known = meeting?.interpretation.listening[me.id] ?? usual
    if (!me.present || this.choosing || known.kind === choice.kind && known.language === choice.language && known.original === choice.original) return
    this.choosing = true
    const said = await this.line.ask('hearing.choose', { choice })
    this.choosing = false
    if (this.signal.aborted) return
    if (!(said instanceof Refusal)) return this.arrange()
    // A language that the meeting no longer has.
    if (said.code === 'choice-wrong') this.listenTo({ kind: 'mine', original: choice.original })
  }

  /** A command of this member; a refusal is shown, and given back. */
  async command<K extends keyof MemberCommands & keyof Outgoing>(type: K, body: Outgoing[K]): Promise<Refusal | undefined> {
    const said = await this.line.ask(type, body)
    const refusal = said instanceof Refusal ? said : undefined
    if (!this.signal.aborted) this.show({ refusal })
    return refusal
  }

  // ---- ending -------------------------------------------------------------------------------------------------------

  private end(why: Refusal): void {
    if (this.view.phase === 'left' || this.view.phase === 'ended') return
    this.show({ phase: 'ended', ended: why })
    this.life.abort()
  }

  /** A socket that was not welcomed: is it the node that is away, or the seat that is gone? */
  private async whyNot(): Promise<Refusal | undefined> {
    const seat = await call<SeatInfo>('GET', `/api/seats/${encodeURIComponent(this.seat)}`, undefined, { signal: this.signal })
    const forGood = seat instanceof Refusal && [401, 403, 404, 410].includes(seat.status)
    return forGood ? seat : undefined
  }

  private ownChanged(): void {
    const own = this.own
    if (!own) return
    this.show({
      own: {
        opened: own.opened, microphoneOn: own.microphoneOn, cameraOn: own.cameraOn,
        microphone: own.tracks.get('microphone'), camera: own.tracks.get('camera'), screen: own.tracks.get('screen'),
        faults: Object.fromEntries(own.faults), devices: own.devices, processing: own.processing, muted: own.tracks.get('microphone')?.muted ?? false,
        chosen: { microphone: own.chosen('microphone'), camera: own.chosen('camera'), loudspeaker: own.chosen('loudspeaker') },
      },
    })
    this.arrange()
  }

  private show(change: Partial<View>): void {
    const view = this.view
    if (Object.entries(change).every(([name, value]) => view[name as keyof View] === value)) return
    this.view = { ...view, ...change }
    this.news.tell('view', this.view)
  }
}

/** Whether this window has been at the table before: a page that is loaded again begins with the microphone off. */
function wasAtTable(seat: string): boolean {
  try {
    return sessionStorage.getItem('at-table') === seat
  } catch {
    return false
  }
}

function keepAtTable(seat: string): void {
  try {
    sessionStorage.setItem('at-table', seat)
  } catch {
    // Storage is forbidden in some browsers; the person sees the microphone's state on the check page.
  }
}
