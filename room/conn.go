package room

import (
	"context"
	"encoding/json"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// Conn is one socket of a member. Its reader calls Handle, its writer ranges over Out, its owner calls Close.
type Conn struct {
	room    *room
	member  meeting.MemberID
	session string
	out     chan Outgoing // sent and closed by the room only; full means too slow

	// Owned by the room.
	greeted bool   // said hello
	page    string // that it is of
	ended   bool   // out is closed
}

// Member whose socket it is.
func (c *Conn) Member() meeting.MemberID { return c.member }

// Outgoing is one whole message to write.
type Outgoing struct {
	JSON []byte
	Code string // of a refusal or a goodbye, for those who count them
	Asks string // type of the command that is refused, for the log
	Last bool   // a goodbye
}

// Out is what to write. The room closes it when the connection has ended; a goodbye is the last message.
func (c *Conn) Out() <-chan Outgoing { return c.out }

// Close tells the room that the socket is gone. It may be called more than once.
func (c *Conn) Close() {
	select {
	case c.room.inbox <- func() { c.room.cut(c) }:
	case <-c.room.done:
	}
}

// Handle brings a message of the member to the room, in order; it waits while the room is busy, and so does the socket.
// A *meeting.Refusal says that the message makes no sense; whoever sent it is not answered by the room. ErrClosed: no more.
func (c *Conn) Handle(ctx context.Context, m protocol.Message) error {
	task, err := c.decode(m)
	if err != nil {
		return err
	}
	if c.room.over() {
		return ErrClosed
	}
	select {
	case c.room.inbox <- task:
		return nil
	case <-c.room.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// decode reads a message, in the socket's goroutine, into what the room has to do.
func (c *Conn) decode(m protocol.Message) (func(), error) {
	switch m.Type {
	case "hello":
		return decoded(m, func(b protocol.Hello) { c.room.greet(c, m.ID, b) })
	case "enter":
		return c.greetedOnly(m.ID, func() { c.room.enter(c, m.ID) }), nil
	case "leave":
		return c.greetedOnly(m.ID, func() { c.room.leave(c, m.ID) }), nil
	case "layout":
		return decoded(m, func(b protocol.Layout) { c.room.lookAt(c, b) })
	case "input":
		return decoded(m, func(b protocol.Input) { c.room.noteInput(c, b) })
	case "curtain.ready":
		return c.greetedOnly(m.ID, func() { c.room.curtainReady(c) }), nil
	case "curtain.set":
		return decoded(m, func(b protocol.CurtainSet) { c.greetedOnly(m.ID, func() { c.room.curtainSet(c, b) })() })
	case "media.offer":
		return decoded(m, func(b protocol.MediaOffer) { c.greetedOnly(m.ID, func() { c.room.negotiate(c, m.ID, offerOf(b)) })() })
	case "probe.offer":
		return decoded(m, func(b protocol.ProbeOffer) {
			c.greetedOnly(m.ID, func() { c.room.probe(c, m.ID, offerOf(protocol.MediaOffer(b))) })()
		})
	case "probe.end":
		return c.greetedOnly(m.ID, func() { c.room.probeEnd(c, m.ID) }), nil
	}
	cmd, err := meeting.DecodeCommand(meeting.MemberCommands(), meeting.CommandType(m.Type), m.Body)
	if err != nil {
		return nil, err
	}
	return c.greetedOnly(m.ID, func() { c.room.command(c, m.ID, cmd) }), nil
}

// decoded reads a message's body; no body is an empty one.
func decoded[B any](m protocol.Message, then func(B)) (func(), error) {
	var b B
	if len(m.Body) > 0 {
		if err := json.Unmarshal(m.Body, &b); err != nil {
			return nil, &meeting.Refusal{Code: protocol.BadRequest}
		}
	}
	return func() { then(b) }, nil
}

// greetedOnly refuses what comes before hello and ignores what comes after the end.
func (c *Conn) greetedOnly(id int, then func()) func() {
	return func() {
		switch {
		case c.ended:
		case !c.greeted:
			c.room.answer(c, id, &meeting.Refusal{Code: protocol.BadRequest})
		default:
			then()
		}
	}
}

func offerOf(b protocol.MediaOffer) media.Offer {
	o := media.Offer{SDP: b.SDP, Sources: map[string]media.Source{}, Slots: map[string]media.SlotID{}}
	for mid, s := range b.Sources {
		o.Sources[mid] = media.Source(s)
	}
	for mid, s := range b.Slots {
		o.Slots[mid] = media.SlotID(s)
	}
	return o
}
