package server_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"astara/meeting"
	"astara/protocol"
)

// consultation is how it stands, as the desk sees it.
func (b *browser) consultation(at string) *meeting.Meeting {
	b.t.Helper()
	var d protocol.ConsultationDesk
	b.must("GET", at, nil, &d)
	return d.Consultation
}

// Bad input at the table: refused with a code, the refusal in the node's log with its command, and nothing has happened.
func TestWhatIsRefusedIsInTheLog(t *testing.T) {
	x := newTable(t)
	booth := func(b *browser, name string, l meeting.Language) meeting.MemberID {
		m := b.invite(x.at, name, meeting.Interpreter)
		b.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{m}})
		b.command(x.at, meeting.AssignInterpreter{Member: m, Booth: l})
		return m
	}
	fa, first, second, third := booth(x.ir, "Fa", "fa"), booth(x.az, "First", "az"), booth(x.az, "Second", "az"), booth(x.az, "Third", "az")
	delegate := x.ir.invite(x.at, "Delegate", meeting.Delegate)
	watcher := x.az.invite(x.at, "Watcher", meeting.Observer)
	x.admit()
	x.ir.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{delegate}})
	x.az.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{watcher}})
	sits := func(b *browser, m meeting.MemberID) *guest {
		g := x.guest(t, x.link(b, m))
		g.until("member.came")
		return g
	}
	one, d, w := sits(x.ir, x.one), sits(x.ir, delegate), sits(x.az, watcher)
	i, j, k, l := sits(x.ir, fa), sits(x.az, first), sits(x.az, second), sits(x.az, third)
	d.do(meeting.EnterBackRoom{})
	j.do(meeting.GoOnAir{})
	// Two take over at the same moment, each by a socket of their own: one has the channel, the other is refused and in the log.
	winner, loser := k, l
	refused := make(chan error, 1)
	go func() { refused <- l.Do(t.Context(), meeting.TakeOver{From: first}) }()
	lost := k.Do(t.Context(), meeting.TakeOver{From: first})
	if other := <-refused; lost == nil {
		lost = other
	} else if other == nil {
		winner, loser = l, k
	}
	if no := new(meeting.Refusal); !errors.As(lost, &no) || no.Code != meeting.ChannelTaken {
		t.Errorf("the loser of two take-overs: got %v, want %s", lost, meeting.ChannelTaken)
	}
	if n := strings.Count(x.log.String(), "msg=refused code=channel-taken"); n != 1 {
		t.Errorf("two take-overs at once are %d refusals in the log, want 1", n)
	}
	one.do(meeting.SetFloor{Mode: meeting.FloorModerated})
	before := x.ir.consultation(x.at)
	for _, c := range []struct {
		name string
		by   *guest
		do   meeting.Command
		want meeting.RefusalCode
	}{
		{"an interpreter into a channel that is not of the booth", i, meeting.GoOnAir{Outgoing: "az"}, meeting.NotYourBooth},
		{"a second voice into a channel", j, meeting.GoOnAir{}, meeting.ChannelTaken},
		{"a take-over from who is not on air any more", loser, meeting.TakeOver{From: first}, meeting.ChannelTaken},
		{"the floor without the right", w, meeting.AskFloor{}, meeting.NotYourRole},
		{"a chair's command by a delegate", d, meeting.GrantFloor{Member: delegate}, meeting.NotChair},
		{"a whisper from a booth", i, meeting.Whisper{On: true}, meeting.BoothSpeaks},
	} {
		err := c.by.Do(t.Context(), c.do)
		if no := new(meeting.Refusal); !errors.As(err, &no) || no.Code != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		line := fmt.Sprintf("msg=refused code=%s route=socket consultation=%s party=%s command=%s", c.want, x.id, c.by.You.Party(), c.do.Type())
		if !strings.Contains(x.log.String(), line) {
			t.Errorf("%s: the log lacks %q", c.name, line)
		}
	}
	// There is no word for the other side's back room; who makes one up is refused at the door.
	err := w.Ask(t.Context(), "backroom.enter", map[string]string{"party": "ir"}, nil)
	if no := new(meeting.Refusal); !errors.As(err, &no) || no.Code != meeting.CommandUnknown {
		t.Errorf("the other side's back room: got %v, want command-unknown", err)
	}
	if line := fmt.Sprintf("msg=refused code=command-unknown route=socket consultation=%s party=az", x.id); !strings.Contains(x.log.String(), line) {
		t.Errorf("the other side's back room: the log lacks %q", line)
	}
	after := x.ir.consultation(x.at)
	if after.Seq != before.Seq || after.Booth("az").OnAir != winner.You || after.Floor.Speaker != "" {
		t.Errorf("something happened: seq %d before, %d after, %s on air", before.Seq, after.Seq, after.Booth("az").OnAir)
	}
}
