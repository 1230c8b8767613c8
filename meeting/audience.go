package meeting

import "strings"

// Audience says who may know of something: "all", "party:ID" or "member:ID".
// A member audience includes the one who spoke; the event's By tells.
type Audience string

// All is everybody who is inside.
const All Audience = "all"

// ToParty is one side.
func ToParty(p PartyID) Audience { return Audience("party:" + string(p)) }

// ToMember is one person.
func ToMember(m MemberID) Audience { return Audience("member:" + string(m)) }

// Party is the party of a party audience, or empty.
func (a Audience) Party() PartyID {
	p, ok := strings.CutPrefix(string(a), "party:")
	if !ok {
		return ""
	}
	return PartyID(p)
}

// Member is the person of a member audience, or empty.
func (a Audience) Member() MemberID {
	p, ok := strings.CutPrefix(string(a), "member:")
	if !ok {
		return ""
	}
	return MemberID(p)
}

// Includes tells whether a reader who is inside may know of what by told this audience.
func (a Audience) Includes(reader, by MemberID) bool {
	switch {
	case a == All:
		return true
	case a.Party() != "":
		return a.Party() == reader.Party()
	default:
		return a.Member() == reader || by == reader
	}
}
