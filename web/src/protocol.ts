// Written by `make protocol` from the Go package protocol. Do not edit.

export const VERSION = 1
export const MAX_MESSAGE = 65536

export type RefusalCode =
  | 'not-admitted'
  | 'not-your-side'
  | 'not-your-role'
  | 'unknown-member'
  | 'unknown-party'
  | 'member-exists'
  | 'cancelled'
  | 'version-passed'
  | 'name-empty'
  | 'name-wrong'
  | 'title-missing'
  | 'too-long'
  | 'too-many-items'
  | 'too-many-members'
  | 'parties-wrong'
  | 'parties-stand'
  | 'languages-wrong'
  | 'time-wrong'
  | 'zone-wrong'
  | 'role-wrong'
  | 'text-empty'
  | 'screen-taken'
  | 'own-place'
  | 'command-unknown'
  | 'already-called'
  | 'already-asked'
  | 'not-asked'
  | 'not-chair'
  | 'floor-passed'
  | 'floor-not-yours'
  | 'floor-wrong'
  | 'nobody-asks'
  | 'still-whispering'
  | 'unknown-document'
  | 'document-there'
  | 'document-own'
  | 'document-other'
  | 'unknown-item'
  | 'item-passed'
  | 'round-passed'
  | 'answer-wrong'
  | 'still-apart'
  | 'no-ceremony'
  | 'principal-away'
  | 'ceremony-begun'
  | 'ceremony-over'
  | 'not-recording'
  | 'still-recording'
  | 'nothing-recorded'
  | 'off-record-theirs'
  | 'not-your-booth'
  | 'booth-full'
  | 'booth-speaks'
  | 'channel-taken'
  | 'not-on-air'
  | 'nothing-offered'
  | 'choice-wrong'
  | 'no-such-call'
  | 'unknown-paragraph'
  | 'paragraph-passed'
  | 'paragraph-shared'
  | 'word-given'
  | 'nothing-proposed'
  | 'brackets-open'
  | 'translation-missing'
  | 'text-wrong'
  | 'unknown-comment'
  | 'minutes-open'
  | 'minutes-stand'
  | 'minutes-closed'
  | 'already-signed'
  | 'signature-wrong'
  | 'unknown-agreement'
  | 'unknown-milestone'
  | 'not-in-effect'
  | 'in-effect'
  | 'agreement-wrong'
  | 'date-wrong'
  | 'date-solar'
  | 'link-wrong'
  | 'item-twice'
  | 'unknown-term'
  | 'unknown-element'
  | 'element-twice'
  | 'element-open'
  | 'part-missing'
  | 'readout-public'
  | 'readout-ready'
  | 'not-ready'
  | 'not-published'
  | 'moment-wrong'
  | 'embargo-stands'
  | 'internal'
  | 'not-found'
  | 'bad-request'
  | 'too-large'
  | 'too-many'
  | 'not-signed-in'
  | 'forbidden'
  | 'link-forged'
  | 'link-expired'
  | 'link-revoked'
  | 'link-used'
  | 'link-elsewhere'
  | 'moved'
  | 'restarting'
  | 'too-slow'
  | 'client-outdated'
  | 'offer-wrong'
  | 'recording-unavailable'
  | 'not-released'
  | 'passkey-wrong'
  | 'sign-in-stale'
  | 'member-refused'
  | 'member-removed'
  | 'member-withdrawn'
  | 'document-kind'
  | 'document-lies'
  | 'document-swollen'
  | 'document-empty'
  | 'document-twice'
  | 'library-full'
  | 'upload-not-whole'
  | 'file-unreadable'
  | 'file-formula'
  | 'file-long'
  | 'file-column'
  | 'address-wrong'

export type Language = string

export type Words = Partial<Record<Language, string>>

export type ParagraphID = string

export interface Part {
  element?: ParagraphID
  text?: Words
}

export interface AccountWritten {
  revision: number
  title: Words
  parts: Part[]
}

export type AgreementID = string

export interface AgreementAgreed {
  id: AgreementID
  version: number
  effect?: boolean
}

export type ISODate = string

export interface MilestoneMarked {
  id: AgreementID
  milestone: string
  met?: ISODate
}

export type AgreementKind =
  | 'project'
  | 'programme'
  | 'protocol'
  | 'other'

export interface Area {
  id: string
  names?: Words
}

export interface Milestone {
  id: string
  title: Words
  due: ISODate
}

export interface Terms {
  kind: AgreementKind
  title: Words
  text: Words
  areas: Area[]
  milestones: Milestone[]
  inForce?: ISODate
  ended?: boolean
}

export interface AgreementProposed {
  id: AgreementID
  version: number
  terms: Terms
}

export type Progress =
  | 'not-begun'
  | 'under-way'
  | 'obstructed'
  | 'done'
  | 'disputed'

export interface ProgressReported {
  id: AgreementID
  progress: Progress
  percent: number
  note?: string
}

export interface ResponsibleNamed {
  id: AgreementID
  name: string
  function?: string
}

export interface AgreementWithdrawn {
  id: AgreementID
}

export type MemberID = string

export type OffAirReason =
  | 'released'
  | 'lost'
  | 'overridden'
  | 'suspended'

export interface WentOffAir {
  booth: Language
  member: MemberID
  reason: OffAirReason
}

export interface WentOnAir {
  booth: Language
  member: MemberID
  outgoing: Language
}

export interface AloneAnnounced {
  at: string
}

export interface BackRoomEntered {
  member: MemberID
}

export interface BackRoomLeft {
  member: MemberID
}

export interface BoothLanguagesSet {
  booth: Language
  from: Language[]
  second?: Language
}

export type AnswerDeferred = Record<string, never>

export interface CameraChanged {
  member: MemberID
  on: boolean
}

export interface CaptionSaid {
  language: Language
  text: string
}

export interface ChairNamed {
  member?: MemberID
}

export type Audience = string

export interface ChatSaid {
  to: Audience
  text: string
}

export interface CommentSettled {
  comment: number
}

export interface ConsultationAgreed {
  version: number
}

export type PartyID = string

export type Calendar =
  | 'gregory'
  | 'persian'

export interface Party {
  id: PartyID
  names: Words
  language: Language
  zone: string
  calendar: Calendar
}

export type ConsultationID = string

export interface AgreementRef {
  consultation: ConsultationID
  id: AgreementID
}

export interface AgendaItem {
  id: string
  title: Words
  minutes: number
  agreement?: AgreementRef
}

export type Kind =
  | 'call'

export interface Joint {
  title: Words
  parties: Party[]
  startsAt: string
  minutes: number
  languages: Language[]
  agenda: AgendaItem[]
  kind?: Kind
  ceremony?: boolean
}

export interface ConsultationCalled {
  joint: Joint
  openDoor?: boolean
}

export type ConsultationCancelled = Record<string, never>

export interface ConsultationChanged {
  joint: Joint
  version: number
}

export interface CopyTaken {
  size: number
  root: string
}

export interface DecisionNoted {
  item?: string
  text: string
}

export type DocumentID = string

export interface DocumentAttached {
  document: DocumentID
  item?: string
  to: Audience
}

export interface DocumentHidden {
  document: DocumentID
}

export type DocumentKind =
  | 'pdf'
  | 'docx'
  | 'odt'
  | 'html'
  | 'text'
  | 'image'
  | 'audio'
  | 'video'

export interface Document {
  id: DocumentID
  hash: string
  kind: DocumentKind
  size: number
  file: string
  title: Words
  item?: string
  to: Audience
  by: MemberID
  at: string
}

export interface DocumentShared {
  document: Document
}

export interface DocumentShown {
  document: DocumentID
}

export interface PageTurned {
  document: DocumentID
  page: number
}

export interface DocumentWithdrawn {
  document: DocumentID
  to: Audience
}

export type TextHash = string

export interface ElementCommitted {
  element: ParagraphID
  version: number
  round: number
  text: TextHash
}

export interface ElementDeclined {
  element: ParagraphID
  version: number
  round: number
}

export interface ElementWritten {
  element: ParagraphID
  revision: number
  text: Words
  hash: TextHash
}

export interface EmbargoAnswered {
  number: number
  agree: boolean
}

export interface EmbargoProposed {
  number: number
  at?: string
}

export interface EmbargoSet {
  at?: string
}

export interface EvidenceAdded {
  id: AgreementID
  number: number
  title: string
  url?: string
  document?: string
}

export interface EvidenceWithdrawn {
  id: AgreementID
  number: number
}

export interface FloorLanguageMarked {
  speaker: MemberID
  language: Language
  ahead?: boolean
}

export interface FloorAsked {
  member: MemberID
  point?: boolean
}

export type FloorMode =
  | 'open'
  | 'moderated'

export interface FloorChanged {
  mode: FloorMode
  alternate: boolean
  limit: number
}

export interface FloorGivenBack {
  member: MemberID
}

export interface FloorGranted {
  member: MemberID
}

export interface FloorTakenBack {
  member: MemberID
}

export interface FloorWithdrawn {
  member: MemberID
}

export interface HandoverOffered {
  booth: Language
  member: MemberID
  on: boolean
}

export type ChoiceKind =
  | 'mine'
  | 'original'
  | 'channel'

export interface Choice {
  kind: ChoiceKind
  language?: Language
  original: number
}

export interface HearingChosen {
  member: MemberID
  choice: Choice
}

export interface HelpAnswered {
  call: number
  member: MemberID
}

export interface HelpCalled {
  member: MemberID
}

export interface InterpretationResumed {
  booth: Language
}

export type Suspension =
  | 'sound'
  | 'pause'

export interface InterpretationSuspended {
  booth: Language
  reason: Suspension
}

export interface InterpreterAssigned {
  member: MemberID
  booth: Language
}

export type ItemStatus =
  | 'open'
  | 'done'
  | 'skipped'
  | 'postponed'

export interface ItemClosed {
  item: string
  status: ItemStatus
}

export interface ItemTaken {
  item: string
}

export interface KeyReplaced {
  old: string
  new: string
  lost?: boolean
  operator?: string
  voucher?: string
  reason: string
}

export type Role =
  | 'head'
  | 'delegate'
  | 'adviser'
  | 'interpreter'
  | 'sign-interpreter'
  | 'captioner'
  | 'secretary'
  | 'technician'
  | 'observer'

export type Standing =
  | 'invited'
  | 'admitted'
  | 'refused'
  | 'removed'

export type SoundResult =
  | 'passed'
  | 'silent'
  | 'quiet'
  | 'clipped'
  | 'narrow'

export interface Member {
  id: MemberID
  name: string
  function?: string
  role: Role
  language: Language
  place: number
  standing: Standing
  booth?: Language
  sound?: SoundResult
  present: boolean
  microphone: boolean
  camera: boolean
  screen: boolean
}

export interface MemberAdmitted {
  member: Member
}

export interface MemberCame {
  member: MemberID
}

export interface MemberChanged {
  member: Member
}

export interface MemberInvited {
  member: Member
}

export interface MemberLeft {
  member: MemberID
}

export interface MemberRefused {
  member: MemberID
}

export interface MemberRemoved {
  member: MemberID
}

export interface MemberWithdrawn {
  member: MemberID
}

export interface MicrophoneChanged {
  member: MemberID
  on: boolean
}

export type MinutesReopened = Record<string, never>

export interface MinutesSigned {
  text: TextHash
  key: string
  authenticator: string
  client: string
  value: string
}

export interface ObstacleCleared {
  id: AgreementID
  number: number
}

export interface Decider {
  party?: PartyID
  body?: string
}

export interface ObstacleRaised {
  id: AgreementID
  number: number
  text: Words
  decider: Decider
}

export interface OffRecordSet {
  off: boolean
}

export interface OverrideChanged {
  on: boolean
}

export interface ParagraphCommented {
  paragraph: ParagraphID
  text: string
}

export interface ParagraphCommitted {
  paragraph: ParagraphID
  version: number
  round: number
  text: TextHash
}

export interface ParagraphDeclined {
  paragraph: ParagraphID
  version: number
  round: number
}

export interface ParagraphMoved {
  paragraph: ParagraphID
  before?: ParagraphID
}

export interface ParagraphProposed {
  paragraph: ParagraphID
  text: TextHash
}

export interface ParagraphRemoved {
  paragraph: ParagraphID
}

export interface ParagraphWritten {
  paragraph: ParagraphID
  revision: number
  text: Words
  hash: TextHash
  item?: string
  before?: ParagraphID
}

export interface ReadyReported {
  ready: boolean
}

export interface PrincipalsAppeared {
  principals: Member[]
}

export type PrincipalsLeft = Record<string, never>

export type ReadinessSaid = Record<string, never>

export type ReadinessWithdrawn = Record<string, never>

export interface ReadoutCorrected {
  number: number
  text: Words
}

export interface Occasion {
  title: Words
  startsAt: string
  parties: Party[]
}

export interface PublishedPart {
  text: Words
  element?: ParagraphID
  hash?: TextHash
}

export interface ReadoutPublished {
  by: MemberID
  revision: number
  occasion: Occasion
  title: Words
  parts: PublishedPart[]
}

export type RecordingAgreed = Record<string, never>

export type RecordingAnnounced = Record<string, never>

export interface RecordingConsented {
  member: MemberID
  consent: boolean
}

export type RecordedSource =
  | 'microphone'
  | 'camera'
  | 'screen'
  | 'screen-sound'
  | 'channel'

export interface RecordedFile {
  name: string
  source: RecordedSource
  member?: MemberID
  language?: Language
  bytes: number
  millis: number
  sha256: string
}

export interface RecordingFiled {
  part: number
  files: RecordedFile[]
}

export type RecordingReleased = Record<string, never>

export interface RecordingStarted {
  part: number
}

export type RecordingEnd =
  | 'chair'
  | 'empty'
  | 'disk'
  | 'fault'
  | 'principals'
  | 'node'

export interface RecordingStopped {
  ended: RecordingEnd
}

export interface ScreenChanged {
  member: MemberID
  on: boolean
}

export interface SigningKeyRegistered {
  id: string
  public: string
}

export interface SoundChecked {
  member: MemberID
  result: SoundResult
}

export type SlowerAsked = Record<string, never>

export type TermID = string

export interface TermWithdrawn {
  id: TermID
  to: Audience
}

export interface AgreedTerm {
  id: TermID
  version: number
  effect?: boolean
}

export interface TermsAgreed {
  terms: AgreedTerm[]
}

export type Names = Partial<Record<Language, string[]>>

export interface TermFacts {
  names: Names
  note?: string
  area?: string
  source?: string
  retired?: boolean
}

export interface WrittenTerm {
  id: TermID
  version: number
  facts: TermFacts
  effect?: boolean
  erased?: boolean
}

export interface TermsWritten {
  to: Audience
  booth?: Language
  terms: WrittenTerm[]
}

export type Answer =
  | 'agreed'
  | 'not-agreed'
  | 'ad-referendum'

export interface TextAnswered {
  number: number
  answer: Answer
}

export interface TextPut {
  number: number
  item?: string
  text: string
}

export interface TextWithdrawn {
  number: number
}

export type Erasure =
  | 'message'
  | 'recording'
  | 'document'
  | 'term'

export interface ThingErased {
  what: Erasure
  entry: number
  part?: number
  document?: DocumentID
  hashes: string[]
  person: string
  authority: string
}

export interface WhisperChanged {
  member: MemberID
  on: boolean
}

export interface EventBodies {
  'account.written': AccountWritten
  'agreement.agreed': AgreementAgreed
  'agreement.marked': MilestoneMarked
  'agreement.proposed': AgreementProposed
  'agreement.reported': ProgressReported
  'agreement.responsible-named': ResponsibleNamed
  'agreement.withdrawn': AgreementWithdrawn
  'air.went-off': WentOffAir
  'air.went-on': WentOnAir
  'alone.announced': AloneAnnounced
  'backroom.entered': BackRoomEntered
  'backroom.left': BackRoomLeft
  'booth.languages-set': BoothLanguagesSet
  'call.answer-deferred': AnswerDeferred
  'camera.changed': CameraChanged
  'caption.said': CaptionSaid
  'chair.named': ChairNamed
  'chat.said': ChatSaid
  'comment.settled': CommentSettled
  'consultation.agreed': ConsultationAgreed
  'consultation.called': ConsultationCalled
  'consultation.cancelled': ConsultationCancelled
  'consultation.changed': ConsultationChanged
  'copy.taken': CopyTaken
  'decision.noted': DecisionNoted
  'document.attached': DocumentAttached
  'document.hidden': DocumentHidden
  'document.shared': DocumentShared
  'document.shown': DocumentShown
  'document.turned': PageTurned
  'document.withdrawn': DocumentWithdrawn
  'element.committed': ElementCommitted
  'element.declined': ElementDeclined
  'element.written': ElementWritten
  'embargo.answered': EmbargoAnswered
  'embargo.proposed': EmbargoProposed
  'embargo.set': EmbargoSet
  'evidence.added': EvidenceAdded
  'evidence.withdrawn': EvidenceWithdrawn
  'floor-language.marked': FloorLanguageMarked
  'floor.asked': FloorAsked
  'floor.changed': FloorChanged
  'floor.given-back': FloorGivenBack
  'floor.granted': FloorGranted
  'floor.taken-back': FloorTakenBack
  'floor.withdrawn': FloorWithdrawn
  'handover.offered': HandoverOffered
  'hearing.chosen': HearingChosen
  'help.answered': HelpAnswered
  'help.called': HelpCalled
  'interpretation.resumed': InterpretationResumed
  'interpretation.suspended': InterpretationSuspended
  'interpreter.assigned': InterpreterAssigned
  'item.closed': ItemClosed
  'item.taken': ItemTaken
  'key.replaced': KeyReplaced
  'member.admitted': MemberAdmitted
  'member.came': MemberCame
  'member.changed': MemberChanged
  'member.invited': MemberInvited
  'member.left': MemberLeft
  'member.refused': MemberRefused
  'member.removed': MemberRemoved
  'member.withdrawn': MemberWithdrawn
  'microphone.changed': MicrophoneChanged
  'minutes.reopened': MinutesReopened
  'minutes.signed': MinutesSigned
  'obstacle.cleared': ObstacleCleared
  'obstacle.raised': ObstacleRaised
  'off-record.set': OffRecordSet
  'override.changed': OverrideChanged
  'paragraph.commented': ParagraphCommented
  'paragraph.committed': ParagraphCommitted
  'paragraph.declined': ParagraphDeclined
  'paragraph.moved': ParagraphMoved
  'paragraph.proposed': ParagraphProposed
  'paragraph.removed': ParagraphRemoved
  'paragraph.written': ParagraphWritten
  'principal.reported': ReadyReported
  'principals.appeared': PrincipalsAppeared
  'principals.left': PrincipalsLeft
  'readiness.said': ReadinessSaid
  'readiness.withdrawn': ReadinessWithdrawn
  'readout.corrected': ReadoutCorrected
  'readout.published': ReadoutPublished
  'recording.agreed': RecordingAgreed
  'recording.announced': RecordingAnnounced
  'recording.consented': RecordingConsented
  'recording.filed': RecordingFiled
  'recording.released': RecordingReleased
  'recording.started': RecordingStarted
  'recording.stopped': RecordingStopped
  'screen.changed': ScreenChanged
  'signing-key.registered': SigningKeyRegistered
  'sound.checked': SoundChecked
  'speaker.slower-asked': SlowerAsked
  'term.withdrawn': TermWithdrawn
  'terms.agreed': TermsAgreed
  'terms.written': TermsWritten
  'text.answered': TextAnswered
  'text.put': TextPut
  'text.withdrawn': TextWithdrawn
  'thing.erased': ThingErased
  'whisper.changed': WhisperChanged
}

export type Event = { [T in keyof EventBodies]: { seq: number; at: string; party: PartyID; by: MemberID; type: T; body: EventBodies[T] } }[keyof EventBodies]

export interface GoOffAir {
  lost?: boolean
}

export interface GoOnAir {
  outgoing?: Language
}

export interface TakeOver {
  from?: MemberID
}

export type EnterBackRoom = Record<string, never>

export type LeaveBackRoom = Record<string, never>

export interface SetBoothLanguages {
  booth: Language
  from: Language[]
  second?: Language
}

export interface SetCamera {
  on: boolean
}

export interface SayCaption {
  language: Language
  text: string
}

export interface NameChair {
  member?: MemberID
}

export interface SayChat {
  to: Audience
  text: string
}

export interface SettleComment {
  comment: number
}

export interface NoteDecision {
  text: string
}

export interface HideDocument {
  document: DocumentID
}

export interface ShowDocument {
  document: DocumentID
}

export interface TurnPage {
  document: DocumentID
  page: number
}

export interface MarkFloorLanguage {
  language: Language
}

export interface AskFloor {
  point?: boolean
}

export type GiveFloorBack = Record<string, never>

export interface GrantFloor {
  member?: MemberID
  turn: number
}

export interface SetFloor {
  mode: FloorMode
  alternate: boolean
  limit: number
}

export interface TakeFloorBack {
  turn: number
}

export interface WithdrawFloor {
  member?: MemberID
}

export type AcceptHandover = Record<string, never>

export interface OfferHandover {
  on: boolean
}

export interface ListenTo {
  choice: Choice
}

export interface AnswerHelp {
  call: number
}

export type CallForHelp = Record<string, never>

export type ResumeInterpretation = Record<string, never>

export interface SuspendInterpretation {
  reason: Suspension
}

export interface AssignInterpreter {
  member: MemberID
  booth: Language
}

export interface CloseItem {
  item: string
  status: ItemStatus
}

export interface TakeItem {
  item: string
  current?: string
}

export interface AdmitMembers {
  members: MemberID[]
}

export interface RefuseMember {
  member: MemberID
}

export interface RemoveMember {
  member: MemberID
}

export interface SetMicrophone {
  on: boolean
}

export type ReopenMinutes = Record<string, never>

export interface GoOffRecord {
  off: boolean
}

export interface SetOverride {
  on: boolean
}

export interface CommentParagraph {
  paragraph: ParagraphID
  text: string
}

export interface CommitParagraph {
  paragraph: ParagraphID
  version: number
  round: number
  text: TextHash
}

export interface DeclineParagraph {
  paragraph: ParagraphID
  version: number
  round: number
}

export interface MoveParagraph {
  paragraph: ParagraphID
  before?: ParagraphID
}

export interface ProposeParagraph {
  paragraph: ParagraphID
  text: TextHash
}

export interface RemoveParagraph {
  paragraph: ParagraphID
}

export interface WriteParagraph {
  paragraph?: ParagraphID
  base: number
  text: Words
  item?: string
  before?: ParagraphID
}

export interface ReportReady {
  ready: boolean
}

export type BeginTogether = Record<string, never>

export type EndTogether = Record<string, never>

export type AgreeRecording = Record<string, never>

export interface ConsentRecording {
  consent: boolean
}

export type ReleaseRecording = Record<string, never>

export type StopRecording = Record<string, never>

export interface SetScreen {
  on: boolean
}

export interface CheckSound {
  result: SoundResult
}

export type AskSlower = Record<string, never>

export interface NoteTerm {
  id?: TermID
  base?: number
  facts: TermFacts
}

export interface WithdrawTerm {
  id: TermID
}

export interface AnswerText {
  number: number
  answer: Answer
}

export interface PutText {
  number: number
  text: string
}

export interface WithdrawText {
  number: number
}

export interface Whisper {
  on: boolean
}

export interface MemberCommands {
  'air.go-off': GoOffAir
  'air.go-on': GoOnAir
  'air.take-over': TakeOver
  'backroom.enter': EnterBackRoom
  'backroom.leave': LeaveBackRoom
  'booth.set-languages': SetBoothLanguages
  'camera.set': SetCamera
  'caption.say': SayCaption
  'chair.name': NameChair
  'chat.say': SayChat
  'comment.settle': SettleComment
  'decision.note': NoteDecision
  'document.hide': HideDocument
  'document.show': ShowDocument
  'document.turn': TurnPage
  'floor-language.mark': MarkFloorLanguage
  'floor.ask': AskFloor
  'floor.give-back': GiveFloorBack
  'floor.grant': GrantFloor
  'floor.set': SetFloor
  'floor.take-back': TakeFloorBack
  'floor.withdraw': WithdrawFloor
  'handover.accept': AcceptHandover
  'handover.offer': OfferHandover
  'hearing.choose': ListenTo
  'help.answer': AnswerHelp
  'help.call': CallForHelp
  'interpretation.resume': ResumeInterpretation
  'interpretation.suspend': SuspendInterpretation
  'interpreter.assign': AssignInterpreter
  'item.close': CloseItem
  'item.take': TakeItem
  'member.admit': AdmitMembers
  'member.refuse': RefuseMember
  'member.remove': RemoveMember
  'microphone.set': SetMicrophone
  'minutes.reopen': ReopenMinutes
  'off-record.set': GoOffRecord
  'override.set': SetOverride
  'paragraph.comment': CommentParagraph
  'paragraph.commit': CommitParagraph
  'paragraph.decline': DeclineParagraph
  'paragraph.move': MoveParagraph
  'paragraph.propose': ProposeParagraph
  'paragraph.remove': RemoveParagraph
  'paragraph.write': WriteParagraph
  'principal.report': ReportReady
  'principals.begin': BeginTogether
  'principals.end': EndTogether
  'recording.agree': AgreeRecording
  'recording.consent': ConsentRecording
  'recording.release': ReleaseRecording
  'recording.stop': StopRecording
  'screen.set': SetScreen
  'sound.check': CheckSound
  'speaker.ask-slower': AskSlower
  'term.note': NoteTerm
  'term.withdraw': WithdrawTerm
  'text.answer': AnswerText
  'text.put': PutText
  'text.withdraw': WithdrawText
  'whisper.set': Whisper
}

export interface WriteAccount {
  base: number
  title: Words
  parts: Part[]
}

export interface AnnounceAlone {
  at: string
}

export type AnswerLater = Record<string, never>

export interface AgreeConsultation {
  version: number
}

export type CancelConsultation = Record<string, never>

export interface ChangeConsultation {
  joint: Joint
  version: number
}

export interface AttachDocument {
  document: DocumentID
  item?: string
}

export interface WithdrawDocument {
  document: DocumentID
}

export interface AgreeElement {
  element: ParagraphID
  version: number
  round: number
  text: TextHash
}

export interface DeclineElement {
  element: ParagraphID
  version: number
  round: number
}

export interface PutElement {
  element?: ParagraphID
  base: number
  text: Words
}

export interface AnswerEmbargo {
  number: number
  agree: boolean
}

export interface ProposeEmbargo {
  number: number
  at?: string
}

export type PersonID = string

export interface Person {
  id: PersonID
  name: string
  function?: string
  role: Role
  language: Language
}

export interface ChangeMember {
  person: Person
}

export interface InviteMember {
  person: Person
}

export interface WithdrawMember {
  member: MemberID
}

export interface SayReady {
  ready: boolean
  revision: number
}

export interface CorrectReadout {
  number: number
  text: Words
}

export interface DeskCommands {
  'account.write': WriteAccount
  'alone.announce': AnnounceAlone
  'booth.set-languages': SetBoothLanguages
  'call.answer-later': AnswerLater
  'chair.name': NameChair
  'comment.settle': SettleComment
  'consultation.agree': AgreeConsultation
  'consultation.cancel': CancelConsultation
  'consultation.change': ChangeConsultation
  'document.attach': AttachDocument
  'document.withdraw': WithdrawDocument
  'element.agree': AgreeElement
  'element.decline': DeclineElement
  'element.put': PutElement
  'embargo.answer': AnswerEmbargo
  'embargo.propose': ProposeEmbargo
  'interpreter.assign': AssignInterpreter
  'member.admit': AdmitMembers
  'member.change': ChangeMember
  'member.invite': InviteMember
  'member.refuse': RefuseMember
  'member.remove': RemoveMember
  'member.withdraw': WithdrawMember
  'minutes.reopen': ReopenMinutes
  'override.set': SetOverride
  'paragraph.comment': CommentParagraph
  'paragraph.commit': CommitParagraph
  'paragraph.decline': DeclineParagraph
  'paragraph.move': MoveParagraph
  'paragraph.propose': ProposeParagraph
  'paragraph.remove': RemoveParagraph
  'paragraph.write': WriteParagraph
  'readiness.say': SayReady
  'readout.correct': CorrectReadout
  'recording.release': ReleaseRecording
}

export interface AgreeAgreement {
  id: AgreementID
  version: number
}

export interface MarkMilestone {
  id: AgreementID
  milestone: string
  met?: ISODate
}

export interface NameResponsible {
  id: AgreementID
  name: string
  function?: string
}

export interface ProposeAgreement {
  id: AgreementID
  base: number
  terms: Terms
}

export interface ReportProgress {
  id: AgreementID
  progress: Progress
  percent: number
  note?: string
}

export interface WithdrawAgreement {
  id: AgreementID
}

export interface AddEvidence {
  id: AgreementID
  title: string
  url?: string
  document?: string
}

export interface WithdrawEvidence {
  id: AgreementID
  number: number
}

export interface ClearObstacle {
  id: AgreementID
  number: number
}

export interface RaiseObstacle {
  id: AgreementID
  text: Words
  decider: Decider
}

export interface AgreementCommands {
  'agreement.agree': AgreeAgreement
  'agreement.mark': MarkMilestone
  'agreement.name-responsible': NameResponsible
  'agreement.propose': ProposeAgreement
  'agreement.report': ReportProgress
  'agreement.withdraw': WithdrawAgreement
  'evidence.add': AddEvidence
  'evidence.withdraw': WithdrawEvidence
  'obstacle.clear': ClearObstacle
  'obstacle.raise': RaiseObstacle
}

export interface WriteTerm {
  id: TermID
  base: number
  to: Audience
  facts: TermFacts
}

export interface SeenTerm {
  id: TermID
  version: number
}

export interface AgreeTerms {
  terms: SeenTerm[]
}

export interface TermCommands {
  'term.withdraw': WithdrawTerm
  'term.write': WriteTerm
  'terms.agree': AgreeTerms
}

export type CurtainReady = Record<string, never>

export interface CurtainSet {
  rises: string
}

export type Enter = Record<string, never>

export interface Hello {
  version: number
  page?: string
  epoch?: string
  seq?: number
}

export interface Input {
  level: number
  clipped: number
  bandwidth: number
}

export type Source =
  | 'microphone'
  | 'camera'
  | 'screen'
  | 'screen-sound'
  | 'whisper'

export interface Tile {
  member: MemberID
  source: Source
  width: number
  height: number
  pinned?: boolean
}

export interface Layout {
  tiles: Tile[]
  hidden?: boolean
}

export type Leave = Record<string, never>

export interface MediaOffer {
  sdp: string
  sources: Record<string, Source>
  slots: Record<string, string>
}

export interface Ping {
  n: number
}

export type ProbeEnd = Record<string, never>

export interface ProbeOffer {
  sdp: string
  sources: Record<string, Source>
  slots: Record<string, string>
}

export interface ClientMessages {
  'curtain.ready': CurtainReady
  'curtain.set': CurtainSet
  'enter': Enter
  'hello': Hello
  'input': Input
  'layout': Layout
  'leave': Leave
  'media.offer': MediaOffer
  'ping': Ping
  'probe.end': ProbeEnd
  'probe.offer': ProbeOffer
}

export interface Curtain {
  rises: string
}

export type Done = Record<string, never>

export interface EventMessage {
  event: Event
}

export interface Goodbye {
  code: string
  args?: Record<string, unknown>
  after?: number
}

export type Quality =
  | 'good'
  | 'fair'
  | 'poor'
  | 'lost'

export interface Line {
  quality: Quality
  rttMs: number
  lossUp: number
  lossDown: number
  transport: string
  input?: Input
}

export interface Lines {
  lines: Record<MemberID, Line>
}

export interface Listeners {
  channels: Record<Language, number>
}

export interface MediaAnswer {
  sdp: string
}

export interface Pong {
  n: number
  now: string
}

export interface Refused {
  code: string
  args?: Record<string, unknown>
}

export type Pause =
  | 'line'
  | 'node'

export interface Seat {
  slot: string
  member: MemberID
  source: Source
  paused?: Pause
  behind?: number
}

export interface Seats {
  seats: Seat[]
}

export type Codec =
  | 'vp8'
  | 'vp9'
  | 'av1'
  | 'h264'

export interface Send {
  source: Source
  layers: number[]
  codecs?: Codec[]
}

export interface Speakers {
  members: MemberID[]
}

export interface Switched {
  slot: string
  member: MemberID
  source: Source
  rtpTimestamp: number
}

export type TermsChanged = Record<string, never>

export interface Cancellation {
  party: PartyID
  at: string
}

export interface FloorRequest {
  member: MemberID
  at: string
  point?: boolean
}

export interface Floor {
  mode: FloorMode
  alternate?: boolean
  limit?: number
  speaker?: MemberID
  since?: string
  turn: number
  last?: PartyID
  queue: FloorRequest[]
  spoken: Record<PartyID, number>
}

export interface BackRoom {
  listening: MemberID[]
  whispering: MemberID[]
}

export interface Principal {
  name: string
  function?: string
}

export interface Ceremony {
  ready: Record<PartyID, boolean>
  together?: string
  met?: Record<MemberID, Principal>
}

export interface Decision {
  seq: number
  at: string
  by: MemberID
  item?: string
  text: string
}

export interface Course {
  item?: string
  since?: string
  status: Record<string, ItemStatus>
  spent: Record<string, number>
  decisions: Decision[]
}

export interface Round {
  number: number
  at: string
  by: MemberID
  item?: string
  text: string
  answers: Record<PartyID, Answer>
  withdrawn?: boolean
}

export type RecordingStage =
  | 'off'
  | 'announced'
  | 'on'
  | 'off-the-record'

export interface GivenWord {
  by: MemberID
  at: string
}

export interface BegunPart {
  part: number
  at: string
  chairs: Record<PartyID, GivenWord>
  interpreters: MemberID[]
}

export interface RecordedPart {
  part: number
  at: string
  files: RecordedFile[]
}

export interface Recording {
  stage: RecordingStage
  at?: string
  by?: MemberID
  off: Record<PartyID, boolean>
  part: number
  ended?: RecordingEnd
  agreed: Record<PartyID, boolean>
  words: Record<PartyID, GivenWord>
  consents: Record<MemberID, boolean>
  begun: BegunPart[]
  parts: RecordedPart[]
  released: Record<PartyID, boolean>
}

export interface Proposal {
  at: string
  by: MemberID
}

export interface Spoken {
  at: string
  by: MemberID
  round: number
  text: TextHash
}

export interface AgreedText {
  version: number
  at: string
  text: Words
  hash: TextHash
  by: MemberID[]
}

export interface Paragraph {
  id: ParagraphID
  item?: string
  text: Words
  hash: TextHash
  revision: number
  at: string
  by: MemberID
  sides: PartyID[]
  proposed?: Proposal
  version: number
  round: number
  said: Spoken[]
  agreed?: AgreedText
}

export interface Comment {
  seq: number
  at: string
  by: MemberID
  paragraph: ParagraphID
  text: string
}

export interface SigningKey {
  id: string
  by: MemberID
  public: string
}

export interface Signature {
  at: string
  by: MemberID
  text: TextHash
  key: string
  authenticator: string
  client: string
  value: string
}

export interface Minutes {
  paragraphs: Paragraph[]
  comments: Comment[]
  keys: SigningKey[]
  signatures: Signature[]
}

export interface Shown {
  document: DocumentID
  page: number
  by: MemberID
}

export interface Message {
  seq: number
  at: string
  from: MemberID
  to: Audience
  text: string
}

export interface Booth {
  from: Language[]
  second?: Language
  onAir?: MemberID
  outgoing?: Language
  since?: string
  offered?: boolean
  suspended?: Suspension
}

export interface Interpretation {
  override: boolean
  floor: Language
  speaker: MemberID
  spoken: Record<MemberID, Language>
  booths: Record<Language, Booth>
  listening: Record<MemberID, Choice>
  slower?: string
}

export interface HelpCall {
  seq: number
  at: string
  member: MemberID
  answeredBy?: MemberID
  answeredAt?: string
}

export interface Caption {
  seq: number
  at: string
  by: MemberID
  language: Language
  text: string
}

export interface Meeting {
  id: ConsultationID
  seq: number
  joint: Joint
  convenedBy: PartyID
  version: number
  agreed: Record<PartyID, number>
  deferred?: Record<PartyID, string>
  cancelled?: Cancellation
  openDoor?: boolean
  members: Record<MemberID, Member>
  chairs: Record<PartyID, MemberID>
  floor: Floor
  backRoom: BackRoom
  ceremony: Ceremony
  course: Course
  rounds: Round[]
  recording: Recording
  minutes: Minutes
  documents: Document[]
  shown?: Shown
  chat: Message[]
  interpretation: Interpretation
  help: HelpCall[]
  captions: Caption[]
}

export interface ICEServer {
  urls: string[]
  username: string
  credential: string
}

export interface Beacon {
  user: string
  password: string
}

export interface Welcome {
  you: MemberID
  epoch: string
  seq: number
  now: string
  snapshot?: Meeting
  missed?: Event[]
  ice?: ICEServer[]
  camera?: Codec
  beacon: Beacon
}

export interface NodeMessages {
  'curtain': Curtain
  'done': Done
  'event': EventMessage
  'goodbye': Goodbye
  'lines': Lines
  'listeners': Listeners
  'media.answer': MediaAnswer
  'pong': Pong
  'refused': Refused
  'seats': Seats
  'send': Send
  'speakers': Speakers
  'switched': Switched
  'terms': TermsChanged
  'welcome': Welcome
}

export type HearingPlan =
  | 'floor'
  | 'interpreter'
  | 'suspended'
  | 'uninterpreted'

export type HeardSound =
  | 'microphone'
  | 'screen-sound'
  | 'whisper'

export interface Heard {
  member: MemberID
  sound: HeardSound
  level: number
}

export interface Hearing {
  plan: HearingPlan
  channel?: Language
  heard: Heard[]
}

export interface OpenLink {
  token: string
  take?: boolean
}

export interface LinkOpened {
  seat: string
}

export interface SeatInfo {
  you: MemberID
  consultation: Meeting
}

export interface SignIn {
  token: string
}

export interface PasskeyChallenge {
  ceremony: string
  options: unknown
}

export interface PasskeyResponse {
  ceremony: string
  response: unknown
}

export interface NewKey {
  reason: string
  ceremony: string
  response: unknown
}

export interface KeyNow {
  public: string
}

export interface Secretary {
  id: MemberID
  name: string
  language: Language
}

export interface Summary {
  id: ConsultationID
  title: Words
  parties: Party[]
  startsAt: string
  minutes: number
  version: number
  agreed: Record<PartyID, number>
  cancelled: boolean
  kind?: Kind
  deferred?: Record<PartyID, string>
  waiting: number
  present: number
}

export interface Passkey {
  id: string
  added: string
  lastUse?: string
}

export interface Desk {
  now: string
  me: Secretary
  parties: Party[]
  consultations: Summary[]
  passkeys: Passkey[]
}

export interface Search {
  words: string
}

export type FoundKind =
  | 'title'
  | 'agenda'
  | 'chat'
  | 'document'
  | 'agreement'
  | 'minutes'
  | 'comment'
  | 'draft'
  | 'readout'

export interface FoundPiece {
  text: string
  hit?: boolean
}

export interface FoundPassage {
  consultation: ConsultationID
  title: Words
  startsAt: string
  kind: FoundKind
  document?: DocumentID
  page?: number
  party: PartyID
  at: string
  language?: Language
  passage: FoundPiece[]
  agreement?: AgreementID
  proposed?: boolean
  joined?: boolean
}

export interface FoundJoin {
  typed: string
  names: string[]
}

export interface Found {
  hits: FoundPassage[]
  more: boolean
  joined?: FoundJoin[]
}

export interface Call {
  joint: Joint
}

export interface Called {
  id: ConsultationID
}

export interface LinkState {
  issued: string
  expires: string
  opened?: string
  revoked: boolean
}

export interface Account {
  revision: number
  at: string
  by: MemberID
  title: Words
  parts: Part[]
}

export interface EmbargoProposal {
  number: number
  at?: string
  by: MemberID
  agreed: PartyID[]
}

export interface Readiness {
  at: string
  by: MemberID
}

export interface Correction {
  at: string
  by: MemberID
  text: Words
}

export interface Publication {
  at: string
  by: MemberID
  occasion: Occasion
  title: Words
  parts: PublishedPart[]
  corrections: Correction[]
}

export interface Readout {
  accounts: Record<PartyID, Account>
  elements: Paragraph[]
  embargo?: string
  proposed?: EmbargoProposal
  proposals: number
  ready: Record<PartyID, Readiness>
  announced: Record<PartyID, string>
  published: Record<PartyID, Publication>
}

export interface RecordCopy {
  at: string
  by: MemberID
  entries: number
}

export interface ReplacedKey {
  at: string
  party: PartyID
  lost?: boolean
  reason: string
  old: string
  new: string
}

export interface ErasedThing {
  at: string
  party: PartyID
  what: Erasure
  part?: number
  person: string
  authority: string
}

export interface RecordState {
  entries: number
  sealed: number
  delivered: number
  keys: Record<PartyID, string>
  copies: Record<PartyID, RecordCopy>
  replaced: ReplacedKey[]
  erased: ErasedThing[]
}

export interface ConsultationDesk {
  you: MemberID
  consultation: Meeting
  links: Record<MemberID, LinkState>
  readout: Readout
  record: RecordState
}

export interface CalendarAddress {
  address: string
}

export interface LinkIssued {
  link: string
  expires: string
  ics: string
}

export type CommandType = string

export interface DeskCommand {
  type: CommandType
  body: unknown
}

export interface Node {
  name: string
  version: string
}

export interface DocumentFacts {
  title: Words
  about: Words
  source?: string
  date?: string
}

export interface LibraryPlace {
  consultation: ConsultationID
  title: Words
  startsAt: string
  item?: string
  all: boolean
}

export interface LibraryDocument {
  id: DocumentID
  party: PartyID
  added: string
  hash: string
  size: number
  kind: DocumentKind
  file: string
  facts: DocumentFacts
  readers: PartyID[]
  programme?: string
  always?: boolean
  illegible?: boolean
  withdrawn?: string
  erased?: string
  places: LibraryPlace[]
}

export interface LibraryUpload {
  id: string
  person: MemberID
  file: string
  size: number
  offset: number
  at: string
}

export interface LibraryReading {
  document: DocumentID
  reader: MemberID
  name: string
  at: string
  times: number
}

export interface Library {
  documents: LibraryDocument[]
  uploads: LibraryUpload[]
  readings: LibraryReading[]
  used: number
  quota: number
}

export interface LibraryEntry {
  upload?: string
  facts: DocumentFacts
  readers: PartyID[]
  programme?: string
  always?: boolean
  withdrawn?: boolean
}

export interface LibraryShare {
  consultation: ConsultationID
  item?: string
  all: boolean
}

export interface AgreementVersion {
  seq: number
  at: string
  party: PartyID
  terms: Terms
  effectAt?: string
}

export interface Report {
  at: string
  progress: Progress
  percent: number
  note?: string
}

export interface OwnAccount {
  responsible?: string
  function?: string
  reports: Report[]
  met: Record<string, ISODate>
}

export interface Obstacle {
  number: number
  seq: number
  at: string
  party: PartyID
  text: Words
  decider: Decider
  cleared?: string
}

export interface Evidence {
  number: number
  at: string
  party: PartyID
  title: string
  url?: string
  document?: string
  withdrawn?: boolean
}

export interface Agreement {
  id: AgreementID
  versions: AgreementVersion[]
  agreed: Record<PartyID, number>
  effect: number
  withdrawn?: boolean
  sides: Record<PartyID, OwnAccount>
  obstacles: Obstacle[]
  evidence: Evidence[]
}

export type ReviewState =
  | 'proposed'
  | 'late'
  | 'blocked'
  | 'on-track'
  | 'done'
  | 'ended'

export interface LateStep {
  milestone: Milestone
  days: number
  open: PartyID[]
}

export type Difference =
  | 'progress'
  | 'percent'
  | 'milestone'
  | 'disputed'

export interface Review {
  state: ReviewState
  late: LateStep[]
  next?: Milestone
  blocked: Decider[]
  differ: Difference[]
  waiting: PartyID[]
  percent: Record<string, number>
  returns?: boolean
}

export interface AgreementLine {
  consultation: ConsultationID
  occasion: Words
  heldAt: string
  languages: Language[]
  parties: Party[]
  version: number
  terms: Terms
  agreement: Agreement
  review: Review
}

export interface RestDay {
  date: ISODate
  name?: string
  working?: boolean
}

export interface RestDays {
  weekly: number[]
  days: RestDay[]
}

export interface Reminders {
  possible: boolean
  address: string
  wanted: boolean
}

export interface Agreements {
  own: PartyID
  today: ISODate
  parties: Party[]
  list: AgreementLine[]
  restDays: Record<PartyID, RestDays>
  reminders: Reminders
  calendar?: string
}

export interface PutRestDays {
  weekly: number[]
  format?: string
  text?: string
}

export interface PutReminders {
  address: string
  wanted: boolean
}

export interface ImportAgreements {
  format: string
  text: string
  apply: boolean
}

export interface Imported {
  new: number
  changed: number
  own: number
  left: number
}

export interface BeginSigning {
  newKey?: boolean
}

export interface SigningBegun {
  text: TextHash
  create?: PasskeyChallenge
  sign?: PasskeyChallenge
}

export interface SignMinutes {
  text: TextHash
  response: unknown
}

export type TermState =
  | 'own'
  | 'proposed'
  | 'agreed'
  | 'changed'

export interface Term {
  id: TermID
  party: PartyID
  by: MemberID
  at: string
  to: Audience
  booth?: Language
  version: number
  facts: TermFacts
  agreed: Record<PartyID, number>
  effect?: number
  standing?: TermFacts
  withdrawn?: boolean
}

export interface GlossaryLine {
  consultation: ConsultationID
  occasion: Words
  parties: PartyID[]
  state: TermState
  term: Term
}

export interface Glossary {
  own: PartyID
  parties: Party[]
  list: GlossaryLine[]
}

export interface TermSheet {
  list: GlossaryLine[]
}

export interface ImportGlossary {
  format: string
  text: string
  shared: boolean
  apply: boolean
}

export interface RefusedRow {
  row: number
  why: Refused
}

export interface ImportedGlossary {
  new: number
  changed: number
  same: number
  refused: RefusedRow[]
  more: number
}
