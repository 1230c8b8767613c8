package meeting

import (
	"encoding/json"
	"errors"
	"testing"
)

// A command off the wire is refused or decided; neither it nor what follows from it breaks the state.
func FuzzDecodeCommand(f *testing.F) {
	for _, c := range append(MemberCommands(), DeskCommands()...) {
		b, _ := json.Marshal(c)
		f.Add(string(c.Type()), b)
	}
	for _, s := range seated() {
		b, _ := json.Marshal(s.c)
		f.Add(string(s.c.Type()), b)
	}
	f.Add("chat.say", []byte(`{"to":"member:baku/head","text":"\u202e"}`))
	f.Add("microphone.set", []byte(`{"on":true,"extra":1}`))
	f.Add("microphone.set", []byte(`null`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		c, err := DecodeCommand(append(MemberCommands(), DeskCommands()...), CommandType(kind), body)
		var no *Refusal
		if err != nil {
			if !errors.As(err, &no) || no.Code != CommandUnknown {
				t.Fatalf("got %v, want %s", err, CommandUnknown)
			}
			return
		}
		if c.Type() != CommandType(kind) {
			t.Fatalf("got %s, want %s", c.Type(), kind)
		}
		m := play(t, seated()...)
		for _, by := range []MemberID{leyla, head, watcher} {
			events, err := m.Decide(by, c, noon())
			if err != nil && !errors.As(err, &no) {
				t.Fatalf("got %v, want a refusal", err)
			}
			for _, e := range events {
				m.Apply(roundTrip(t, e))
			}
		}
		if _, err := json.Marshal(m.View(head)); err != nil {
			t.Fatal(err)
		}
	})
}

// An event that can be read is written as it was.
func FuzzEvent(f *testing.F) {
	m := New("c1")
	for _, s := range append(seated(), said{head, SayChat{All, "x"}}, said{head, AskFloor{}}) {
		events, err := m.Decide(s.by, s.c, noon())
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range events {
			m.Apply(e)
			b, _ := json.Marshal(e)
			f.Add(b)
		}
	}
	f.Add([]byte(`{"type":"member.came","body":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e, again Event
		if json.Unmarshal(b, &e) != nil {
			return
		}
		once, err := json.Marshal(e)
		if err != nil {
			t.Skip("a date that JSON cannot write")
		}
		if err := json.Unmarshal(once, &again); err != nil {
			t.Fatal(err)
		}
		if twice := asJSON(t, again); twice != string(once) {
			t.Fatalf("got %s, want %s", twice, once)
		}
		New("c1").Apply(e)
	})
}
