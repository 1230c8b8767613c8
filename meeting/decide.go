package meeting

import "time"

// Decide answers a command: the events that follow from it, numbered from Seq+1 and not yet applied, or a *Refusal.
// No events and no error: nothing had to change.
func (m *Meeting) Decide(by MemberID, c Command, now time.Time) ([]Event, error) {
	if !by.Valid() {
		return nil, refuse(UnknownMember, "member", by)
	}
	if err := m.mayAct(by, c); err != nil {
		return nil, err
	}
	var bodies []EventBody
	var err error
	if t, ok := c.(timed); ok {
		bodies, err = t.decideAt(m, by, now)
	} else {
		bodies, err = c.decide(m, by)
	}
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(bodies))
	for i, b := range bodies {
		events[i] = Event{Seq: m.Seq + 1 + uint64(i), At: now.UTC(), Party: by.Party(), By: by, Type: b.Type(), Body: b}
		if _, ok := b.(SlowerAsked); ok { // a booth that asks for something is not named to whoever is asked
			events[i].Party, events[i].By = "", ""
		}
		if _, ok := b.(ReadyReported); ok && m.behind(m.Members[by]) { // a principal who goes away: the other side knows no more than that the side is not ready
			events[i].By = ""
		}
		if p, ok := b.(ReadoutPublished); ok { // of each side at one moment, whoever's word was the last
			events[i].Party, events[i].By = p.By.Party(), p.By
		}
	}
	return events, nil
}

func one(b EventBody) ([]EventBody, error) { return []EventBody{b}, nil }
