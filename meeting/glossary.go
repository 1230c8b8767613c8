package meeting

import (
	"slices"
	"strconv"
)

// What secretaries do with terms from the desk, before, during and after the consultation, and what interpreters note in a booth.

// UnknownTerm: there is none, or it was withdrawn.
const UnknownTerm RefusalCode = "unknown-term"

type (
	// WriteTerm begins a term (Base 0, and the door chooses the id) or gives one other words; Base is the version seen. What one side kept for itself is
	// shared by writing it to all; what was shared stays so.
	WriteTerm struct {
		ID    TermID    `json:"id"`
		Base  int       `json:"base"`
		To    Audience  `json:"to"` // all sides, or the own one
		Facts TermFacts `json:"facts"`
	}
	// AgreeTerms agrees to the versions that the secretary saw, all or none.
	AgreeTerms struct {
		Terms []SeenTerm `json:"terms"`
	}
	// SeenTerm is a version of a term.
	SeenTerm struct {
		ID      TermID `json:"id"`
		Version int    `json:"version"`
	}
	// WithdrawTerm takes back what not all sides have agreed to, by the side that wrote it first; what was noted in a booth, by its interpreters too.
	// What all agreed to is retired by all (TermFacts.Retired).
	WithdrawTerm struct {
		ID TermID `json:"id"`
	}
	// ImportTerms carries out several, all or none.
	ImportTerms struct {
		Terms []WriteTerm
	}
	// NoteTerm is an interpreter's: for the own side and whoever works in the booth. With an id it corrects what was noted there.
	NoteTerm struct {
		ID    TermID    `json:"id,omitempty"`
		Base  int       `json:"base,omitempty"`
		Facts TermFacts `json:"facts"`
	}
)

func (WriteTerm) Type() CommandType    { return "term.write" }
func (AgreeTerms) Type() CommandType   { return "terms.agree" }
func (WithdrawTerm) Type() CommandType { return "term.withdraw" }
func (ImportTerms) Type() CommandType  { return "terms.import" }
func (NoteTerm) Type() CommandType     { return "term.note" }

// TermCommands are those that a secretary may give from the desk about terms, also when the consultation is over.
func TermCommands() []Command { return []Command{WriteTerm{}, AgreeTerms{}, WithdrawTerm{}} }

// term is one that by's side may read.
func (m *Meeting) term(by MemberID, id TermID) (*Term, error) {
	t := m.Terms[id]
	if t == nil || t.Withdrawn || !t.Reads(by.Party()) {
		return nil, refuse(UnknownTerm)
	}
	return t, nil
}

func (c WriteTerm) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return ImportTerms{Terms: []WriteTerm{c}}.decide(m, by)
}

func (c ImportTerms) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.follower(by); err != nil {
		return nil, err
	}
	seen, fresh := map[TermID]bool{}, 0
	var out []EventBody
	for _, one := range c.Terms {
		if seen[one.ID] {
			return nil, refuse(VersionPassed, "version", one.Base+1)
		}
		seen[one.ID] = true
		w, to, err := m.written(by, one)
		if err != nil {
			return nil, err
		}
		if w == nil {
			continue
		}
		if w.Version == 1 {
			fresh++
		}
		out = bundled(out, to, *w)
	}
	if fresh > 0 && m.Cancelled != nil {
		return nil, refuse(IsCancelled)
	}
	if fresh > 0 && len(m.Terms)+fresh > MaxTerms {
		return nil, refuse(TooManyItems, "max", MaxTerms)
	}
	return out, nil
}

// bundled puts terms for the same readers into one event, as many as one holds.
func bundled(list []EventBody, to Audience, w WrittenTerm) []EventBody {
	for i, b := range list {
		if x := b.(TermsWritten); x.To == to && len(x.Terms) < termsOfOneEvent {
			x.Terms = append(x.Terms, w)
			list[i] = x
			return list
		}
	}
	return append(list, TermsWritten{To: to, Terms: []WrittenTerm{w}})
}

// written is what a command writes and for whom; nothing, where that is what it says already.
func (m *Meeting) written(by MemberID, c WriteTerm) (*WrittenTerm, Audience, error) {
	own := ToParty(by.Party())
	t := m.Terms[c.ID]
	if t != nil && !t.Reads(by.Party()) { // of another side: the reader does not learn that it is there
		t = nil
		c.Base = max(c.Base, 1)
	}
	switch {
	case !validID(string(c.ID)), t == nil && c.Base != 0, t != nil && t.Withdrawn:
		return nil, "", refuse(UnknownTerm)
	case c.To != All && c.To != own:
		return nil, "", refuse(NotYourSide)
	case t != nil && c.Base != t.Version:
		return nil, "", refuse(VersionPassed, "version", t.Version)
	}
	facts, err := c.Facts.Clean()
	if err != nil {
		return nil, "", err
	}
	if facts.Retired && (t == nil || t.To == All && t.Effect == 0) { // what one side proposes, no other puts away
		return nil, "", refuse(NotInEffect)
	}
	w := WrittenTerm{ID: c.ID, Version: c.Base + 1, Facts: facts}
	if t == nil {
		return &w, c.To, nil
	}
	if t.To == All {
		c.To = All
	}
	if c.To == t.To && t.Facts.Same(facts) {
		return nil, "", nil
	}
	w.Effect = t.Standing != nil && t.Standing.Same(facts)
	return &w, c.To, nil
}

func (c AgreeTerms) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.follower(by); err != nil {
		return nil, err
	}
	if len(c.Terms) > MaxTerms {
		return nil, refuse(TooManyItems, "max", MaxTerms)
	}
	var agreed []AgreedTerm
	seen := map[TermID]bool{}
	for _, x := range c.Terms {
		t, err := m.term(by, x.ID)
		switch {
		case err != nil:
			return nil, err
		case t.To != All:
			return nil, refuse(NotYourSide) // nobody else has been asked
		case x.Version != t.Version:
			return nil, refuse(VersionPassed, "version", t.Version)
		case t.Agreed[by.Party()] == x.Version || seen[x.ID]:
			continue
		}
		seen[x.ID] = true
		all := !slices.ContainsFunc(m.Joint.Parties, func(p Party) bool { return p.ID != by.Party() && t.Agreed[p.ID] != x.Version })
		agreed = append(agreed, AgreedTerm{ID: x.ID, Version: x.Version, Effect: all})
	}
	var out []EventBody
	for some := range slices.Chunk(agreed, termsOfOneEvent) {
		out = append(out, TermsAgreed{Terms: slices.Clone(some)})
	}
	return out, nil
}

func (c WithdrawTerm) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	t, err := m.term(by, c.ID)
	if err != nil {
		return nil, err
	}
	if noted := t.Booth != "" && t.To != All && m.Inside(by) && m.Members[by].Booth == t.Booth; !noted {
		if err := m.follower(by); err != nil {
			return nil, err
		}
	}
	switch {
	case t.Party != by.Party():
		return nil, refuse(NotYourSide)
	case t.Effect != 0:
		return nil, refuse(AlreadyInEffect)
	}
	return one(TermWithdrawn{ID: c.ID, To: t.To})
}

func (c NoteTerm) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return nil, refuse(NotAdmitted)
	case x.Role != Interpreter || x.Booth == "":
		return nil, refuse(NotYourRole)
	case m.Cancelled != nil:
		return nil, refuse(IsCancelled)
	}
	w := WrittenTerm{ID: c.ID, Version: 1}
	if c.ID == "" { // the next event's number, which no other has
		if len(m.Terms) >= MaxTerms {
			return nil, refuse(TooManyItems, "max", MaxTerms)
		}
		w.ID = TermID("n" + strconv.FormatUint(m.Seq+1, 10))
	} else {
		t, err := m.term(by, c.ID)
		switch {
		case err != nil:
			return nil, err
		case t.Booth != x.Booth || t.To == All:
			return nil, refuse(NotYourBooth)
		case c.Base != t.Version:
			return nil, refuse(VersionPassed, "version", t.Version)
		}
		w.Version = t.Version + 1
	}
	var err error
	if w.Facts, err = c.Facts.Clean(); err != nil {
		return nil, err
	}
	return one(TermsWritten{To: ToParty(by.Party()), Booth: x.Booth, Terms: []WrittenTerm{w}})
}

// termsInBooth are those noted in a member's booth by another side, which they read beside their own side's.
func (m *Meeting) termsInBooth(reader MemberID) map[TermID]*Term {
	out := map[TermID]*Term{}
	x := m.Members[reader]
	for id, t := range m.Terms {
		if x.Booth != "" && t.Booth == x.Booth && !t.Reads(reader.Party()) && !t.Gone() {
			out[id] = t
		}
	}
	return out
}
