package meeting

import (
	"strings"
)

// ConsultationID names a consultation; it is random and carries no meaning.
type ConsultationID string

// PartyID names an institution: 1 to 32 of a-z, 0-9 and hyphen.
type PartyID string

// PersonID names a person within a party, in the same letters as PartyID.
type PersonID string

// MemberID is "party/person": every fact about a person says whose it is.
type MemberID string

// Member makes the id of one of this party's people.
func (p PartyID) Member(person PersonID) MemberID { return MemberID(string(p) + "/" + string(person)) }

// Party is the institution that a member belongs to.
func (m MemberID) Party() PartyID {
	p, _, _ := strings.Cut(string(m), "/")
	return PartyID(p)
}

// Person is the member's own part of the id.
func (m MemberID) Person() PersonID {
	_, p, _ := strings.Cut(string(m), "/")
	return PersonID(p)
}

// Valid tells whether both parts keep to the letters of an id.
func (m MemberID) Valid() bool {
	a, b, ok := strings.Cut(string(m), "/")
	return ok && validID(a) && validID(b)
}

// Valid tells whether the id keeps to its letters.
func (p PartyID) Valid() bool { return validID(string(p)) }

func validID(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}

// Language is a BCP 47 tag of a language that people speak or read: "fa", "az", "en", "ru".
type Language string

// Interface lists the languages in which the client is worded.
func Interface() []Language { return []Language{"fa", "az", "en", "ru"} }

// Valid accepts the shape of a tag; which languages exist is not ours to say.
func (l Language) Valid() bool {
	if len(l) < 2 || len(l) > 11 {
		return false
	}
	for i, r := range l {
		if (r < 'a' || r > 'z') && (i < 2 || (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-') {
			return false
		}
	}
	return true
}

// Words is one text in several languages.
type Words map[Language]string

// Calendar is what a side counts its days by.
type Calendar string

// The two calendars that the client can write.
const (
	Gregorian  Calendar = "gregory"
	SolarHijri Calendar = "persian"
)

// Party is an institution that takes part. Sides are equal: there is no host and no guest.
type Party struct {
	ID       PartyID  `json:"id"`
	Names    Words    `json:"names"`
	Language Language `json:"language"` // of its secretariat
	Zone     string   `json:"zone"`     // IANA, for example Asia/Tehran
	Calendar Calendar `json:"calendar"`
}

// AgendaItem is one point of the agenda.
type AgendaItem struct {
	ID      string `json:"id"`
	Title   Words  `json:"title"`
	Minutes int    `json:"minutes"` // planned; 0 is open

	Agreement *AgreementRef `json:"agreement,omitempty"` // that it comes back to
}

// AgreementRef names an agreement from elsewhere.
type AgreementRef struct {
	Consultation ConsultationID `json:"consultation"`
	ID           AgreementID    `json:"id"`
}
