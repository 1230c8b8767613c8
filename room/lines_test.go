package room

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

func TestSpeakersAndLines(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1", adviser)
		h := b.sits(head)
		b.sits(minister)
		a := b.join("c1", adviser)
		a.quiet()
		level := func(m meeting.MemberID, l uint8) {
			b.board.mu.Lock()
			defer b.board.mu.Unlock()
			b.board.levels[media.PeerID("c1/"+m)] = l
		}
		speakers := func() []meeting.MemberID {
			var s protocol.Speakers
			if err := json.Unmarshal(h.until("speakers").Body, &s); err != nil {
				t.Fatal(err)
			}
			return s.Members
		}
		level(minister, 25)
		if got := speakers(); !slices.Equal(got, []meeting.MemberID{minister}) {
			t.Errorf("got %v, want the minister", got)
		}
		level(head, 20)
		if got := speakers(); !slices.Equal(got, []meeting.MemberID{minister, head}) {
			t.Errorf("got %v, want both", got)
		}
		h.do(meeting.SetMicrophone{On: false})
		if got := speakers(); !slices.Equal(got, []meeting.MemberID{minister}) {
			t.Errorf("got %v, want the minister", got)
		}
		var l protocol.Lines
		if err := json.Unmarshal(h.until("lines").Body, &l); err != nil {
			t.Fatal(err)
		}
		if got, want := l.Lines[minister], (protocol.Line{Quality: protocol.QualityFair, RTTms: 20, LossUp: 0.03, Transport: "udp"}); got != want || len(l.Lines) != 2 {
			t.Errorf("got %+v of %d, want %+v of 2", got, len(l.Lines), want)
		}
		b.board.Remove("c1/tehran/minister")
		b.events <- media.Event{Kind: media.PeerLost, Peer: "c1/tehran/minister"}
		synctest.Wait()
		_ = json.Unmarshal(h.until("lines").Body, &l)
		if got := l.Lines[minister].Quality; got != protocol.QualityLost {
			t.Errorf("got %s, want lost", got)
		}
		synctest.Wait()
		for len(a.Out()) > 0 { // the lobby hears nothing of the table
			if m := a.next(); m.Type == "lines" || m.Type == "speakers" {
				t.Errorf("the lobby got %s", m.Type)
			}
		}
	})
}

func TestTheLineTestAtTheDoor(t *testing.T) {
	inHouseOf(t, func(c *Config) { c.Probes = 2 }, func(t *testing.T, b *building) {
		b.call("c1", head)
		h := b.connectGreeted(head)
		probe := media.PeerID("c1/baku/head/probe")
		if code := h.ask("probe.offer", offer()); code != "" {
			t.Fatal(code)
		}
		want := map[media.SlotID]media.TrackID{"v0": {Peer: probe, Source: "camera"}, "a0": {Peer: probe, Source: "microphone"}}
		synctest.Wait()
		if got := b.board.seated(probe); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		h.ask("probe.offer", offer()) // again is the same test
		m := b.connectGreeted(minister)
		m.ask("probe.offer", offer())
		if got := b.Figures().Probes; got != 2 {
			t.Errorf("got %d probes, want 2", got)
		}
		a := b.connectGreeted(adviser)
		if code := a.ask("probe.offer", offer()); code != protocol.TooMany {
			t.Errorf("got %q, want too-many", code)
		}
		h.ask("probe.end", nil)
		if _, ok := b.board.peer(probe); ok || b.Figures().Probes != 1 {
			t.Error("the test goes on after its end")
		}
		m.Close()
		synctest.Wait()
		if got := b.Figures().Probes; got != 0 {
			t.Errorf("got %d probes after the socket's end, want none", got)
		}
		a.ask("probe.offer", offer())
		time.Sleep(probeTime + 2*tick) // the bubble's clock (testing/synctest): no time passes
		if got := b.Figures().Probes; got != 0 {
			t.Errorf("got %d probes after their time, want none", got)
		}
		if _, ok := b.board.peer("c1/tehran/adviser/probe"); ok {
			t.Error("the router keeps the test")
		}
	})
}
