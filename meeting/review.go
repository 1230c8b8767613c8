package meeting

import "slices"

// Review is what can be said of an agreement on a day, for whoever has ten seconds.
type Review struct {
	State   ReviewState    `json:"state"`
	Late    []LateStep     `json:"late"`              // milestones past their day that not all sides hold to be reached, the latest first
	Next    *Milestone     `json:"next,omitempty"`    // the next one that is due, today or later
	Blocked []Decider      `json:"blocked"`           // whose decisions would remove the obstacles that stand
	Differ  []Difference   `json:"differ"`            // where the sides say different things
	Waiting []PartyID      `json:"waiting"`           // who has not agreed to the newest version
	Percent map[string]int `json:"percent"`           // by party, as each says
	Returns bool           `json:"returns,omitempty"` // it comes back as an item of the next consultation: late, blocked or disputed
}

// ReviewState is the one word over it all.
type ReviewState string

// The words. Late goes over blocked: it is the later stage of the same trouble.
const (
	ReviewProposed ReviewState = "proposed"
	ReviewLate     ReviewState = "late"
	ReviewBlocked  ReviewState = "blocked"
	ReviewOnTrack  ReviewState = "on-track"
	ReviewDone     ReviewState = "done"
	ReviewEnded    ReviewState = "ended"
)

// ReviewStates lists them all.
func ReviewStates() []ReviewState {
	return []ReviewState{ReviewProposed, ReviewLate, ReviewBlocked, ReviewOnTrack, ReviewDone, ReviewEnded}
}

// LateStep is a milestone that is past its day.
type LateStep struct {
	Milestone Milestone `json:"milestone"`
	Days      int       `json:"days"`
	Open      []PartyID `json:"open"` // sides that do not hold it to be reached
}

// Difference is a point on which the sides are not of one mind.
type Difference string

// The points.
const (
	DifferProgress  Difference = "progress"  // one says done, the other under way
	DifferPercent   Difference = "percent"   // the same word, but 25 points or more apart
	DifferMilestone Difference = "milestone" // reached for one and not for the other
	DifferDisputed  Difference = "disputed"  // a side says that it is disputed
)

// Differences lists them all.
func Differences() []Difference {
	return []Difference{DifferProgress, DifferPercent, DifferMilestone, DifferDisputed}
}

// apartFrom is how many points of progress between the sides are a difference: within it they count differently, above it they see
// different things.
const apartFrom = 25

// Review of an agreement of these parties on a day.
func (a *Agreement) Review(parties []PartyID, today ISODate) Review {
	r := Review{Late: []LateStep{}, Blocked: []Decider{}, Differ: []Difference{}, Waiting: []PartyID{}, Percent: map[string]int{}}
	for _, p := range parties {
		if a.Agreed[p] != len(a.Versions) {
			r.Waiting = append(r.Waiting, p)
		}
		r.Percent[string(p)] = a.Sides[p].Last().Percent
	}
	switch {
	case a.Terms().Ended && a.Effect > 0:
		r.State = ReviewEnded
		return r
	case a.Effect == 0:
		r.State = ReviewProposed
		return r
	}
	done := !slices.ContainsFunc(parties, func(p PartyID) bool { return a.Sides[p].Last().Progress != Fulfilled })
	if !done {
		a.steps(parties, today, &r)
		for _, o := range a.Obstacles {
			if o.Cleared == nil && !slices.Contains(r.Blocked, o.Decider) {
				r.Blocked = append(r.Blocked, o.Decider)
			}
		}
	}
	a.differ(parties, &r)
	obstructed := slices.ContainsFunc(parties, func(p PartyID) bool { return a.Sides[p].Last().Progress == Obstructed })
	switch {
	case done:
		r.State = ReviewDone
	case len(r.Late) > 0:
		r.State = ReviewLate
	case len(r.Blocked) > 0 || obstructed:
		r.State = ReviewBlocked
	default:
		r.State = ReviewOnTrack
	}
	r.Returns = r.State == ReviewLate || r.State == ReviewBlocked || !done && slices.Contains(r.Differ, DifferDisputed)
	return r
}

func (a *Agreement) steps(parties []PartyID, today ISODate, r *Review) {
	for _, x := range a.Terms().Milestones {
		var open []PartyID
		for _, p := range parties {
			if a.Sides[p].Met[x.ID] == "" {
				open = append(open, p)
			}
		}
		switch {
		case len(open) == 0:
		case x.Due < today:
			r.Late = append(r.Late, LateStep{x, x.Due.Days(today), open})
		case r.Next == nil || x.Due < r.Next.Due:
			r.Next = &x
		}
	}
	slices.SortStableFunc(r.Late, func(x, y LateStep) int { return y.Days - x.Days })
}

func (a *Agreement) differ(parties []PartyID, r *Review) {
	first := a.Sides[parties[0]].Last()
	low, high := first.Percent, first.Percent
	add := func(d Difference, when bool) {
		if when && !slices.Contains(r.Differ, d) {
			r.Differ = append(r.Differ, d)
		}
	}
	for _, p := range parties {
		x := a.Sides[p].Last()
		low, high = min(low, x.Percent), max(high, x.Percent)
		add(DifferProgress, x.Progress != first.Progress)
		add(DifferDisputed, x.Progress == Disputed)
	}
	add(DifferPercent, high-low >= apartFrom)
	for _, x := range a.Terms().Milestones {
		met := a.Sides[parties[0]].Met[x.ID] != ""
		for _, p := range parties {
			add(DifferMilestone, (a.Sides[p].Met[x.ID] != "") != met)
		}
	}
}
