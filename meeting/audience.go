package meeting

import (
	"slices"
	"strings"
)

// Audience says who may know of something: "all", "party:ID", "member:ID", or "booth:LANGUAGE:ID,ID", which names the booth's people
// of that moment. A member audience includes the one who spoke; the event's By tells.
type Audience string

// All is everybody who is inside.
const All Audience = "all"

// AtDesks is the desks of all sides: their exports and lists have it, and nobody at the table is sent it.
const AtDesks Audience = "desks"

// ToParty is one side.
func ToParty(p PartyID) Audience { return Audience("party:" + string(p)) }

// ToMember is one person.
func ToMember(m MemberID) Audience { return Audience("member:" + string(m)) }

// ToBooth is the interpreters of a booth, by name: who comes later does not read what was said before.
func ToBooth(l Language, people []MemberID) Audience {
	ids := make([]string, len(people))
	for i, id := range people {
		ids[i] = string(id)
	}
	return Audience("booth:" + string(l) + ":" + strings.Join(ids, ","))
}

// Booth is the language and the people of a booth audience, or empty.
func (a Audience) Booth() (l Language, people []MemberID) {
	rest, ok := strings.CutPrefix(string(a), "booth:")
	if !ok {
		return "", nil
	}
	language, ids, _ := strings.Cut(rest, ":")
	for id := range strings.SplitSeq(ids, ",") {
		if id != "" {
			people = append(people, MemberID(id))
		}
	}
	return Language(language), people
}

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

// names tells which kind an audience is of.
func (a Audience) names(kind string) bool { return strings.HasPrefix(string(a), kind+":") }

// Includes tells whether a reader who is inside may know of what by told this audience.
func (a Audience) Includes(reader, by MemberID) bool {
	switch {
	case a == All:
		return true
	case a == AtDesks:
		return false
	case a.Party() != "":
		return a.Party() == reader.Party()
	case a.names("booth"):
		_, people := a.Booth()
		return slices.Contains(people, reader)
	default:
		return a.Member() == reader || by == reader
	}
}
