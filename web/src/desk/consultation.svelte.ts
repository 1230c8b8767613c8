// One consultation as its secretary sees it: fetched, refreshed, and changed by commands.
import type { ConsultationDesk, DeskCommands, Language, LinkIssued, LinkOpened, Meeting, Member, MemberID, Party, Person } from '../protocol.ts'
import { call, Refusal } from '../state/session.ts'

export interface Issued {
  readonly member: Member
  readonly link: string
  readonly expires: Date
}

export class ConsultationState {
  readonly id: string
  data = $state.raw<ConsultationDesk>()
  /** Why the last refresh brought nothing; undefined when it did. */
  refusal = $state.raw<Refusal>()
  /** The joint facts before the last change that was seen arriving here. */
  before = $state.raw<Meeting>()

  #path: string
  #asked = 0

  constructor(id: string) {
    this.id = id
    this.#path = `/api/desk/consultations/${encodeURIComponent(id)}`
  }

  async load(): Promise<void> {
    const mine = ++this.#asked
    const answer = await call<ConsultationDesk>('GET', this.#path)
    // A command was given meanwhile: its answer is newer.
    if (mine !== this.#asked) return
    this.refusal = answer instanceof Refusal ? answer : undefined
    if (!(answer instanceof Refusal)) this.#take(answer)
  }

  /** The same, where nothing comes while nothing has happened: for a screen that looks often. */
  async loadChanges(): Promise<void> {
    const mine = ++this.#asked
    const seen = this.data?.consultation.seq
    const answer = await call<ConsultationDesk | undefined>('GET', `${this.#path}/changes${seen === undefined ? '' : `?seen=${seen}`}`)
    if (mine !== this.#asked) return
    this.refusal = answer instanceof Refusal ? answer : undefined
    if (answer !== undefined && !(answer instanceof Refusal)) this.#take(answer)
  }

  async send<T extends keyof DeskCommands>(type: T, body: DeskCommands[T]): Promise<Refusal | ConsultationDesk> {
    this.#asked++
    const answer = await call<ConsultationDesk>('POST', `${this.#path}/commands`, { type, body })
    this.#asked++
    if (answer instanceof Refusal) {
      if (answer.code === 'version-passed' || answer.code === 'cancelled' || answer.code === 'unknown-member') await this.load()
    } else {
      this.#take(answer)
    }
    return answer
  }

  /** Invites one of the own people, and finds them in the answer: the node chooses the id. */
  async invite(person: Person): Promise<Refusal | Member> {
    const known = new Set(Object.keys(this.data?.consultation.members ?? {}))
    const answer = await this.send('member.invite', { person })
    if (answer instanceof Refusal) return answer
    const own = ownParty(answer)
    const fresh = Object.values(answer.consultation.members).filter((member) => partyOf(member.id) === own && !known.has(member.id))
    // A colleague may have invited somebody at the same time.
    return fresh.sort((a, b) => b.place - a.place).find((member) => member.role === person.role && member.language === person.language) ?? new Refusal('unknown')
  }

  /** Puts an interpreter into a booth; one that nobody has worked in yet works from all other languages until its people say otherwise. */
  async assign(member: MemberID, booth: Language): Promise<Refusal | ConsultationDesk> {
    const answer = await this.send('interpreter.assign', { member, booth })
    if (answer instanceof Refusal || booth === '') return answer
    const { interpretation, joint } = answer.consultation
    if (interpretation.booths[booth]) return answer
    return this.send('booth.set-languages', { booth, from: joint.languages.filter((language) => language !== booth) })
  }

  async issue(member: Member): Promise<Refusal | Issued> {
    const answer = await call<LinkIssued>('POST', this.#link(member.id))
    if (answer instanceof Refusal) return answer
    await this.load()
    return { member, link: answer.link, expires: new Date(answer.expires) }
  }

  async revoke(member: Member): Promise<Refusal | undefined> {
    const answer = await call<unknown>('DELETE', this.#link(member.id))
    await this.load()
    return answer instanceof Refusal ? answer : undefined
  }

  async enter(): Promise<Refusal | string> {
    const answer = await call<LinkOpened>('POST', `${this.#path}/enter`)
    return answer instanceof Refusal ? answer : answer.seat
  }

  #link(member: MemberID): string {
    return `${this.#path}/people/${encodeURIComponent(member.slice(member.indexOf('/') + 1))}/link`
  }

  // What is the same is not put in again: nothing on the screen is drawn anew by a refresh.
  #take(answer: ConsultationDesk): void {
    const old = this.data?.consultation
    if (JSON.stringify(answer) === JSON.stringify(this.data)) return
    if (old && answer.consultation.version > old.version) this.before = old
    this.data = answer
  }
}

export function partyOf(member: MemberID): string {
  return member.split('/')[0] ?? ''
}

export function ownParty(data: ConsultationDesk): string {
  return partyOf(data.you)
}

export function otherParties(data: ConsultationDesk): Party[] {
  return data.consultation.joint.parties.filter((party) => party.id !== ownParty(data))
}

export function isWaiting(member: Member): boolean {
  return member.standing === 'invited' && member.present
}

const ranks = ['head', 'delegate', 'adviser', 'interpreter', 'sign-interpreter', 'captioner', 'secretary', 'technician', 'observer']

/** In the order of the roster: by role, then by place. */
export function roster(data: ConsultationDesk, party: string): Member[] {
  return Object.values(data.consultation.members).filter((member) => partyOf(member.id) === party)
    .sort((a, b) => ranks.indexOf(a.role) - ranks.indexOf(b.role) || a.place - b.place)
}
