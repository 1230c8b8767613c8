package meeting

// Refusal is a "no" that a person must see: a stable code with arguments, worded by the client in the reader's language.
type Refusal struct {
	Code RefusalCode    `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

func (r *Refusal) Error() string { return "refused: " + string(r.Code) }

// RefusalCode is stable: it is on the wire and in the client's texts.
type RefusalCode string

// The refusals of the rules. The doors have their own, in protocol.
const (
	NotAdmitted      RefusalCode = "not-admitted"     // the member is not inside
	NotYourSide      RefusalCode = "not-your-side"    // only the own side's people
	NotYourRole      RefusalCode = "not-your-role"    // the role does not allow it
	UnknownMember    RefusalCode = "unknown-member"   // {member}
	UnknownParty     RefusalCode = "unknown-party"    // {party}
	MemberExists     RefusalCode = "member-exists"    // {member}
	IsCancelled      RefusalCode = "cancelled"        // the consultation was cancelled
	VersionPassed    RefusalCode = "version-passed"   // {version}: somebody changed it meanwhile
	NameEmpty        RefusalCode = "name-empty"       //
	NameWrong        RefusalCode = "name-wrong"       // control characters or too long; {max}
	TitleMissing     RefusalCode = "title-missing"    // {language}
	TooLong          RefusalCode = "too-long"         // {max}
	TooManyItems     RefusalCode = "too-many-items"   // {max}
	TooManyMembers   RefusalCode = "too-many-members" // {max}
	PartiesWrong     RefusalCode = "parties-wrong"    // fewer than two, more than {max}, or twice the same
	PartiesStand     RefusalCode = "parties-stand"    // something was said or shared that another party would read
	LanguagesWrong   RefusalCode = "languages-wrong"  // none, more than {max}, or not a language
	TimeWrong        RefusalCode = "time-wrong"       // no date, or a length outside of 1 minute to 24 hours
	ZoneWrong        RefusalCode = "zone-wrong"       // {party}
	RoleWrong        RefusalCode = "role-wrong"       //
	TextEmpty        RefusalCode = "text-empty"       //
	AlreadyAsked     RefusalCode = "already-asked"    // for the floor, or has it
	NotAsked         RefusalCode = "not-asked"        // for the floor
	NotChair         RefusalCode = "not-chair"        // only a chair
	FloorPassed      RefusalCode = "floor-passed"     // the other chair was quicker
	FloorNotYours    RefusalCode = "floor-not-yours"  // has it not
	FloorWrong       RefusalCode = "floor-wrong"      // no such mode, or a limit over two hours
	StillWhispering  RefusalCode = "still-whispering" // the voice goes to the own side; never to both
	UnknownItem      RefusalCode = "unknown-item"     // of the agenda, or no such status
	ItemPassed       RefusalCode = "item-passed"      // the other chair was quicker
	RoundPassed      RefusalCode = "round-passed"     // another text is open, this one is closed, or your side has answered
	AnswerWrong      RefusalCode = "answer-wrong"     //
	StillApart       RefusalCode = "still-apart"      // the principals have not appeared to each other
	NoCeremony       RefusalCode = "no-ceremony"      // this consultation has none, or it is not at this point
	PrincipalAway    RefusalCode = "principal-away"   // a side's principal is not here or not reported ready
	CeremonyBegun    RefusalCode = "ceremony-begun"   // a principal was admitted: whether there is a ceremony stands
	CeremonyOver     RefusalCode = "ceremony-over"    // goodbye to the principals
	NobodyAsks       RefusalCode = "nobody-asks"      // for the floor
	ScreenTaken      RefusalCode = "screen-taken"     // {member}: another screen is being shown
	OwnPlaceNotYours RefusalCode = "own-place"        // a secretary cannot remove or withdraw themself
	CommandUnknown   RefusalCode = "command-unknown"  //
	AlreadyCalled    RefusalCode = "already-called"   //
	NotYourBooth     RefusalCode = "not-your-booth"   // another booth's, or none
	BoothFull        RefusalCode = "booth-full"       // {max}
	BoothSpeaks      RefusalCode = "booth-speaks"     // an interpreter with a booth speaks into a channel, not to the floor
	ChannelTaken     RefusalCode = "channel-taken"    // {member} is on air
	NotOnAir         RefusalCode = "not-on-air"       //
	NothingOffered   RefusalCode = "nothing-offered"  // no handover was offered, or it was taken back
	NoSuchCall       RefusalCode = "no-such-call"     // of the own side, or somebody has answered it
	UnknownDocument  RefusalCode = "unknown-document" // not before this consultation
	DocumentThere    RefusalCode = "document-there"   // before this consultation already
	DocumentOwn      RefusalCode = "document-own"     // one side's alone: it is not opened for all
	DocumentOther    RefusalCode = "document-other"   // it belongs to another item of the agenda
	ChoiceWrong      RefusalCode = "choice-wrong"     // a channel that the meeting does not have

	// Of recording.
	NotRecording    RefusalCode = "not-recording"     // the consultation is not being recorded
	StillRecording  RefusalCode = "still-recording"   // stop it first
	NothingRecorded RefusalCode = "nothing-recorded"  //
	OffRecordTheirs RefusalCode = "off-record-theirs" // another side is off the record: only its chair ends that

	// Of minutes.
	UnknownParagraph   RefusalCode = "unknown-paragraph"   // or it was removed
	ParagraphPassed    RefusalCode = "paragraph-passed"    // {revision}: somebody wrote, or said a word, meanwhile
	ParagraphShared    RefusalCode = "paragraph-shared"    // the other side wrote in it or agreed to it: it is struck by agreement
	WordGiven          RefusalCode = "word-given"          // the own side is bound by its word until another side answers
	NothingProposed    RefusalCode = "nothing-proposed"    //
	BracketsOpen       RefusalCode = "brackets-open"       // {n}
	TranslationMissing RefusalCode = "translation-missing" // {language}
	TextWrong          RefusalCode = "text-wrong"          // control characters
	UnknownComment     RefusalCode = "unknown-comment"     // of the own side
	MinutesOpen        RefusalCode = "minutes-open"        // {n} paragraphs are not agreed
	MinutesStand       RefusalCode = "minutes-stand"       // a chair has signed: reopen first
	MinutesClosed      RefusalCode = "minutes-closed"      // all chairs have signed
	AlreadySigned      RefusalCode = "already-signed"      // by the own side
	SignatureWrong     RefusalCode = "signature-wrong"     // not of this text, or not by this person's passkey

	// Of the readout.
	UnknownElement RefusalCode = "unknown-element"
	ElementTwice   RefusalCode = "element-twice"  // in one account
	ElementOpen    RefusalCode = "element-open"   // not agreed by all sides
	PartMissing    RefusalCode = "part-missing"   // {n} {language}: a paragraph lacks it
	ReadoutPublic  RefusalCode = "readout-public" // it is published: only a correction notice can follow
	ReadoutReady   RefusalCode = "readout-ready"  // a side said that it is ready: it must take that back first
	NotReady       RefusalCode = "not-ready"      // the own side has not said that it is
	NotPublished   RefusalCode = "not-published"  //
	MomentWrong    RefusalCode = "moment-wrong"   // not at least {minutes} ahead, or more than a year
	EmbargoStands  RefusalCode = "embargo-stands" // that all agreed to
)

// RefusalCodes lists them all, for the types and the texts of the client.
func RefusalCodes() []RefusalCode {
	return []RefusalCode{NotAdmitted, NotYourSide, NotYourRole, UnknownMember, UnknownParty, MemberExists, IsCancelled, VersionPassed,
		NameEmpty, NameWrong, TitleMissing, TooLong, TooManyItems, TooManyMembers, PartiesWrong, PartiesStand, LanguagesWrong, TimeWrong, ZoneWrong,
		RoleWrong, TextEmpty, ScreenTaken, OwnPlaceNotYours, CommandUnknown, AlreadyCalled,
		AlreadyAsked, NotAsked, NotChair, FloorPassed, FloorNotYours, FloorWrong, NobodyAsks, StillWhispering,
		UnknownDocument, DocumentThere, DocumentOwn, DocumentOther,
		UnknownItem, ItemPassed, RoundPassed, AnswerWrong,
		StillApart, NoCeremony, PrincipalAway, CeremonyBegun, CeremonyOver,
		NotRecording, StillRecording, NothingRecorded, OffRecordTheirs,
		NotYourBooth, BoothFull, BoothSpeaks, ChannelTaken, NotOnAir, NothingOffered, ChoiceWrong, NoSuchCall,
		UnknownParagraph, ParagraphPassed, ParagraphShared, WordGiven, NothingProposed, BracketsOpen, TranslationMissing, TextWrong, UnknownComment,
		MinutesOpen, MinutesStand, MinutesClosed, AlreadySigned, SignatureWrong,
		UnknownAgreement, UnknownMilestone, NotInEffect, AlreadyInEffect, AgreementWrong, DateWrong, DateSolar, LinkWrong, ItemTwice,
		UnknownTerm,
		UnknownElement, ElementTwice, ElementOpen, PartMissing, ReadoutPublic, ReadoutReady, NotReady, NotPublished, MomentWrong, EmbargoStands}
}

func refuse(code RefusalCode, args ...any) error {
	r := &Refusal{Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]any{}
		}
		r.Args[args[i].(string)] = args[i+1]
	}
	return r
}
