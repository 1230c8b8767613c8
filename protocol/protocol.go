// Package protocol is what browser and node say to each other: one struct a message, JSON, UTF-8.
//
// It has no behaviour beyond decoding; it writes the client's TypeScript types (types.go). It may import meeting only.
// docs/protocol.md tells the order of the messages.
package protocol

import (
	"encoding/json"

	"astara/meeting"
)

// Version is the first thing a client says. A node refuses another one with "client-outdated", and the client reloads itself.
const Version = 1

// MaxMessage is the largest message a node accepts over the socket, in bytes. A larger one closes the socket with "too-large".
// What a node sends may be larger: a snapshot carries the chat.
const MaxMessage = 64 << 10

// Message is the envelope of everything on the socket. ID is chosen by the client for what it wants answered; the answer carries it.
type Message struct {
	Type string          `json:"type"`
	ID   int             `json:"id,omitempty"`
	Body json.RawMessage `json:"body,omitempty"`
}

// ---- client to node, over the socket --------------------------------------------------------------------------------
// Besides these, every command of meeting.MemberCommands travels as {type, id, body} and is answered by "done" or "refused".

type (
	// Hello "hello": the first message. Epoch and Seq are of the last event seen, if any; the node then sends what was missed or a snapshot.
	// Page is a random word of the page, the same on all its sockets: a later socket of one page takes over in silence, one of another
	// page ends the earlier with "moved".
	Hello struct {
		Version int    `json:"version"`
		Page    string `json:"page,omitempty"`
		Epoch   string `json:"epoch,omitempty"`
		Seq     uint64 `json:"seq,omitempty"`
	}
	// Enter "enter": leave the check page; into the lobby, or to the table if admitted. Answered by "done".
	Enter struct{}
	// Leave "leave": the person goes; no grace. Answered by "done", then the node closes the socket.
	Leave struct{}
	// Ping "ping", each 500 ms; answered by "pong" with the same N.
	Ping struct {
		N int `json:"n"`
	}
	// MediaOffer "media.offer": SDP offer of the one PeerConnection; sources names what each sending m-line carries, slots what each receiving one is called.
	// Answered by "media.answer" with the same id. Restart by a new offer with a new ufrag.
	MediaOffer struct {
		SDP     string            `json:"sdp"`
		Sources map[string]Source `json:"sources"` // mid -> source
		Slots   map[string]string `json:"slots"`   // mid -> slot
	}
	// ProbeOffer "probe.offer": the same for the line test at the door: the node sends the person's own sound and picture back. Ends after 15 s or with "probe.end".
	ProbeOffer MediaOffer
	// ProbeEnd "probe.end".
	ProbeEnd struct{}
	// Input "input", each 2 s while I speak: how my microphone is, as measured before it is sent.
	Input struct {
		Level     float64 `json:"level"`     // dBFS of speech, root mean square
		Clipped   float64 `json:"clipped"`   // 0..1 of the time driven to the end of the scale
		Bandwidth int     `json:"bandwidth"` // Hz, up to where speech stands out
	}
	// CurtainReady "curtain.ready", by a principal after the common go: I have the picture of each principal of another side who sends one.
	CurtainReady struct{}
	// CurtainSet "curtain.set", by a principal: the page knows the moment and will show the others at it. Where that is not said in time the node
	// names a later moment.
	CurtainSet struct {
		Rises string `json:"rises"` // as it was told
	}
	// Layout "layout": what the screen shows, best first; the node seats pictures by it.
	Layout struct {
		Tiles  []Tile `json:"tiles"`
		Hidden bool   `json:"hidden,omitempty"` // the page is on no screen: pictures are not sent, sound is
	}
	// Tile is one picture on the receiver's screen, in device pixels.
	Tile struct {
		Member meeting.MemberID `json:"member"`
		Source Source           `json:"source"` // "camera" or "screen"
		Width  int              `json:"width"`
		Height int              `json:"height"`
		Pinned bool             `json:"pinned,omitempty"`
	}
)

// Source is what a member sends.
type Source string

// The sources.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenSound Source = "screen-sound"
	Whispering  Source = "whisper" // my voice for my side; nothing is sent on it unless I whisper
)

// Sources lists them all.
func Sources() []Source { return []Source{Microphone, Camera, Screen, ScreenSound, Whispering} }

// Codec is how a picture is written.
type Codec string

// Codecs lists those that a node forwards.
func Codecs() []Codec { return []Codec{"vp8", "vp9", "av1", "h264"} }

// ---- node to client, over the socket --------------------------------------------------------------------------------

type (
	// Welcome "welcome": the answer to "hello", and sent again when what the reader may know changes as a whole (admission).
	// Snapshot replaces everything; without it, Missed is what to apply, and absent when nothing was missed.
	Welcome struct {
		You      meeting.MemberID `json:"you"`
		Epoch    string           `json:"epoch"` // of this run of the room; another epoch numbers events anew
		Seq      uint64           `json:"seq"`
		Now      string           `json:"now"` // the node's clock, RFC 3339 with milliseconds
		Snapshot *meeting.Meeting `json:"snapshot,omitempty"`
		Missed   []meeting.Event  `json:"missed,omitempty"`
		ICE      []ICEServer      `json:"ice,omitempty"`    // the way of last resort for sound and picture
		Camera   Codec            `json:"camera,omitempty"` // that the node wishes cameras in, where all who watch have it
		Beacon   Beacon           `json:"beacon"`           // by which one whose line was away finds out that it is there again
	}
	// Beacon is the ICE credentials whose checks the media port answers to anybody.
	Beacon struct {
		User     string `json:"user"`
		Password string `json:"password"`
	}
	// ICEServer is what a browser calls RTCIceServer; its credential is this member's own, for half a day.
	ICEServer struct {
		URLs       []string `json:"urls"`
		Username   string   `json:"username"`
		Credential string   `json:"credential"`
	}
	// EventMessage "event": one fact, in order.
	EventMessage struct {
		Event meeting.Event `json:"event"`
	}
	// Done "done": the command with this id was carried out; its events have been sent before.
	Done struct{}
	// Refused "refused": the command with this id was not carried out.
	Refused struct {
		Code string         `json:"code"`
		Args map[string]any `json:"args,omitempty"`
	}
	// Pong "pong". Now is the node's clock when it answered, RFC 3339 with milliseconds.
	Pong struct {
		N   int    `json:"n"`
		Now string `json:"now"`
	}
	// Curtain "curtain": all principals have each other's picture; everybody shows those of the other sides at this moment of the node's
	// clock, RFC 3339 with milliseconds. The last one counts. Without it they are shown 8 s after they appeared.
	Curtain struct {
		Rises string `json:"rises"`
	}
	// MediaAnswer "media.answer".
	MediaAnswer struct {
		SDP string `json:"sdp"`
	}
	// Seats "seats": who sits in which slot from now on; a slot that is not named is empty. The whole picture each time.
	Seats struct {
		Seats []Seat `json:"seats"`
	}
	// Seat is one slot and what it carries. Paused: the picture stands still for this reason; absent while it flows. Sound goes on.
	// Behind: the picture comes so many ms later than the member's sound in the slot's pair, and the sound is to wait for it.
	Seat struct {
		Slot   string           `json:"slot"`
		Member meeting.MemberID `json:"member"`
		Source Source           `json:"source"`
		Paused Pause            `json:"paused,omitempty"`
		Behind int              `json:"behind,omitempty"`
	}
	// Switched "switched": the picture in a slot is the named member's from this RTP timestamp on.
	Switched struct {
		Slot         string           `json:"slot"`
		Member       meeting.MemberID `json:"member"`
		Source       Source           `json:"source"`
		RTPTimestamp uint32           `json:"rtpTimestamp"`
	}
	// Send "send": of the source's sizes exactly these are watched by somebody, numbered from 0 in the order of the offer, the
	// smallest first; the others need not be sent. Before the first of a connection all are wanted. Codecs are those that the
	// publisher offered and that everybody has who is seated before the source; absent for sound.
	Send struct {
		Source Source  `json:"source"`
		Layers []int   `json:"layers"`
		Codecs []Codec `json:"codecs,omitempty"`
	}
	// Speakers "speakers": who is heard now, loudest first, at most eight; sent when it changes, at most five times a second.
	Speakers struct {
		Members []meeting.MemberID `json:"members"`
	}
	// Lines "lines": the quality of one's own line and of theirs who are on the screen or in a slot, at most 32, each 2 s.
	Lines struct {
		Lines map[meeting.MemberID]Line `json:"lines"`
	}
	// Line is how a member's connection is.
	Line struct {
		Quality   Quality `json:"quality"`
		RTTms     int     `json:"rttMs"`
		LossUp    float64 `json:"lossUp"`          // 0..1, from the member to us
		LossDown  float64 `json:"lossDown"`        // 0..1, from us to the member
		Transport string  `json:"transport"`       // "udp", "tcp"
		Input     *Input  `json:"input,omitempty"` // for chairs, technicians and booths, while the member speaks
	}
	// Listeners "listeners": how many hear each channel, for the booths; sent when it changes.
	Listeners struct {
		Channels map[meeting.Language]int `json:"channels"`
	}
	// TermsChanged "terms": there is something new in the glossary that the reader may read; for booths and secretaries.
	TermsChanged struct{}
	// Goodbye "goodbye": the node closes the socket, and says why; After is the number of seconds to wait before coming back, absent when there is no coming back.
	Goodbye struct {
		Code  string         `json:"code"`
		Args  map[string]any `json:"args,omitempty"`
		After *float64       `json:"after,omitempty"`
	}
)

// Pause is why a picture is not sent.
type Pause string

// The reasons.
const (
	PauseLine Pause = "line" // the receiver's line is too narrow
	PauseNode Pause = "node" // the node has more to do than it can
)

// Pauses lists them all.
func Pauses() []Pause { return []Pause{PauseLine, PauseNode} }

// Quality of a line in four steps.
type Quality string

// The steps: good is loss < 2 % and round trip < 200 ms; fair is loss < 5 % and < 400 ms; lost is a socket that is cut, or a peer that the road has lost.
const (
	QualityGood Quality = "good"
	QualityFair Quality = "fair"
	QualityPoor Quality = "poor"
	QualityLost Quality = "lost"
)

// Qualities lists them all.
func Qualities() []Quality { return []Quality{QualityGood, QualityFair, QualityPoor, QualityLost} }

// ---- refusals of the doors ------------------------------------------------------------------------------------------

// The doors' own codes, besides meeting.RefusalCodes. "internal" carries {id}, under which the cause was logged.
const (
	Internal        = "internal"         // {id}
	NotFound        = "not-found"        //
	BadRequest      = "bad-request"      // malformed, unknown or out of order
	TooLarge        = "too-large"        //
	TooMany         = "too-many"         // {seconds}
	NotSignedIn     = "not-signed-in"    //
	Forbidden       = "forbidden"        //
	LinkForged      = "link-forged"      // not a link of this node, or cut short
	LinkExpired     = "link-expired"     // {at}
	LinkRevoked     = "link-revoked"     //
	LinkUsed        = "link-used"        // a sign-in link works once
	LinkElsewhere   = "link-elsewhere"   // open in another browser; may be moved here with {take: true}
	Moved           = "moved"            // goodbye: opened in another window
	Restarting      = "restarting"       // goodbye with after
	TooSlow         = "too-slow"         // goodbye with after: the client did not read
	ClientOutdated  = "client-outdated"  // goodbye: reload
	OfferWrong      = "offer-wrong"      // SDP that cannot be answered
	PasskeyWrong    = "passkey-wrong"    //
	SignInStale     = "sign-in-stale"    // a passkey is added within an hour of the sign-in
	MemberRefused   = "member-refused"   // goodbye: own side's secretary turned you away
	MemberRemoved   = "member-removed"   // goodbye: own side's secretary took you out
	MemberWithdrawn = "member-withdrawn" // goodbye: invitation taken back

	// Of recordings.
	RecordingUnavailable = "recording-unavailable" // this node has no room for one
	NotReleased          = "not-released"          // not every side has released it

	// Of the library.
	DocumentKind    = "document-kind"    // {ending}: no such files are taken
	DocumentLies    = "document-lies"    // {ending}: the content is something else than the name says
	DocumentSwollen = "document-swollen" // unpacked it is far larger than it looks
	DocumentEmpty   = "document-empty"   //
	DocumentTwice   = "document-twice"   // {document}: it has this content
	LibraryFull     = "library-full"     // {free, limit}, bytes
	UploadNotWhole  = "upload-not-whole" //

	// Of files that are imported, and of reminders.
	FileUnreadable = "file-unreadable" // {row}: of an import, no such table or value; 0: the whole
	FileFormula    = "file-formula"    // {row}: a cell that a spreadsheet would run
	FileLong       = "file-long"       // {row}: a cell that is too long
	FileColumn     = "file-column"     // {column}: names neither a part of a term nor a language, or stands there twice
	AddressWrong   = "address-wrong"   // no mail address
)

// DoorCodes lists them all.
func DoorCodes() []string {
	return []string{Internal, NotFound, BadRequest, TooLarge, TooMany, NotSignedIn, Forbidden, LinkForged, LinkExpired, LinkRevoked, LinkUsed,
		LinkElsewhere, Moved, Restarting, TooSlow, ClientOutdated, OfferWrong, RecordingUnavailable, NotReleased, PasskeyWrong, SignInStale, MemberRefused, MemberRemoved, MemberWithdrawn,
		DocumentKind, DocumentLies, DocumentSwollen, DocumentEmpty, DocumentTwice, LibraryFull, UploadNotWhole,
		FileUnreadable, FileFormula, FileLong, FileColumn, AddressWrong}
}
