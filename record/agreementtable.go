package record

import (
	"strconv"
	"strings"
	"time"

	"astara/meeting"
)

// tableReader puts the rows of a table together again.
type tableReader struct {
	columns map[string]int
	list    []FiledAgreement
	byID    map[string]*meeting.Agreement // by what stands in their column
}

// tableRow is one row with the names of its columns.
type tableRow struct {
	r     *tableReader
	cells []string
}

func (x tableRow) at(name string) string {
	if i, ok := x.r.columns[name]; ok && i < len(x.cells) {
		return x.cells[i]
	}
	return ""
}

func (x tableRow) words(part string) meeting.Words {
	out := meeting.Words{}
	for name := range x.r.columns {
		if l, ok := strings.CutPrefix(name, part+"."); ok && x.at(name) != "" {
			out[meeting.Language(l)] = x.at(name)
		}
	}
	return out
}

// read takes one row in. Dates are checked here, where the row is known.
func (r *tableReader) read(cells []string, n int) error {
	x := tableRow{r, cells}
	wrong := &FileFault{n, Unreadable}
	id := x.at("agreement")
	if strings.Join(cells, "") == "" {
		return nil
	}
	if d := meeting.ISODate(x.at("date")); d != "" {
		if err := d.Check(); err != nil {
			return err
		}
	}
	if x.at("record") == "agreement" {
		if id == "" || r.byID[id] != nil {
			return wrong
		}
		t := meeting.Terms{Kind: meeting.AgreementKind(x.at("kind")), Title: x.words("title"), Text: x.words("text"), Areas: []meeting.Area{}, Milestones: []meeting.Milestone{},
			InForce: meeting.ISODate(x.at("date")), Ended: x.at("note") == "ended"}
		for _, area := range strings.Fields(x.at("name")) {
			t.Areas = append(t.Areas, meeting.Area{ID: area})
		}
		consultation, own, found := strings.Cut(id, "/")
		if !found {
			consultation, own = "", id
		}
		if own == "" || strings.Contains(own, "/") {
			return wrong
		}
		r.byID[id] = &meeting.Agreement{ID: meeting.AgreementID(own), Versions: []meeting.AgreementVersion{{Terms: t}}, Agreed: map[meeting.PartyID]int{}, Effect: 1,
			Sides: map[meeting.PartyID]meeting.OwnAccount{}, Obstacles: []meeting.Obstacle{}, Evidence: []meeting.Evidence{}}
		r.list = append(r.list, FiledAgreement{Consultation: meeting.ConsultationID(consultation), Agreement: r.byID[id]})
		return nil
	}
	a := r.byID[id]
	if a == nil || !r.part(a, x) {
		return wrong
	}
	return nil
}

// part is a row that belongs to an agreement above it; false when it is none.
func (r *tableReader) part(a *meeting.Agreement, x tableRow) bool {
	t, party := &a.Versions[0].Terms, meeting.PartyID(x.at("party"))
	switch x.at("record") {
	case "area":
		for i := range t.Areas {
			if t.Areas[i].ID == x.at("key") {
				t.Areas[i].Names = x.words("title")
				return true
			}
		}
		return false
	case "milestone":
		t.Milestones = append(t.Milestones, meeting.Milestone{ID: x.at("key"), Title: x.words("title"), Due: meeting.ISODate(x.at("date"))})
		return true
	case "side":
		percent, err := strconv.Atoi(x.at("percent"))
		if err != nil || party == "" {
			return false
		}
		own := meeting.OwnAccount{Responsible: x.at("name"), Function: x.at("function"), Reports: []meeting.Report{}, Met: map[string]meeting.ISODate{}}
		if at, err := time.Parse(time.RFC3339Nano, x.at("key")); err == nil || x.at("key") == "" && (percent > 0 || x.at("kind") != string(meeting.NotBegun) || x.at("note") != "") {
			own.Reports = append(own.Reports, meeting.Report{At: at, Progress: meeting.Progress(x.at("kind")), Percent: percent, Note: x.at("note")})
		}
		a.Sides[party] = own
		return true
	case "reached":
		own, ok := a.Sides[party]
		if ok {
			own.Met[x.at("key")] = meeting.ISODate(x.at("date"))
		}
		return ok
	case "obstacle":
		o := meeting.Obstacle{Number: len(a.Obstacles) + 1, Party: party, Text: x.words("text"), Decider: meeting.Decider{Body: x.at("name"), Party: meeting.PartyID(x.at("function"))}}
		if x.at("kind") == "cleared" {
			o.Cleared = &time.Time{}
		}
		a.Obstacles = append(a.Obstacles, o)
		return true
	case "evidence":
		a.Evidence = append(a.Evidence, meeting.Evidence{Number: len(a.Evidence) + 1, Party: party, Title: x.at("name"), URL: x.at("url"), Document: x.at("function"), Withdrawn: x.at("kind") == "withdrawn"})
		return true
	}
	return false
}

// ImportPlan is what a file would do in a consultation.
type ImportPlan struct {
	Commands                []meeting.Command
	New, Changed, Own, Left int
}

// PlanImport turns a file into commands of one side: terms become proposals, and of what the sides say it is the own side's that is taken, where
// the agreement is in effect. have are the agreements that the consultation has. Of two with one id it is the consultation's own that counts, else the first.
func PlanImport(list []FiledAgreement, into meeting.ConsultationID, have map[meeting.AgreementID]*meeting.Agreement, own meeting.PartyID) ImportPlan {
	var p ImportPlan
	counts := map[meeting.AgreementID]int{}
	for i, f := range list {
		if _, ok := counts[f.Agreement.ID]; !ok || f.Consultation == into && list[counts[f.Agreement.ID]].Consultation != into {
			counts[f.Agreement.ID] = i
		}
	}
	for i, f := range list {
		x := f.Agreement
		if counts[x.ID] != i {
			p.Left++
			continue
		}
		now := have[x.ID]
		base := 0
		if now != nil {
			base = len(now.Versions)
		}
		terms := x.Terms()
		switch {
		case now == nil:
			p.New++
			p.Commands = append(p.Commands, meeting.ProposeAgreement{ID: x.ID, Base: base, Terms: terms})
		case !terms.Same(now.Terms()) && !terms.Same(now.Latest().Terms): // a file of what is in effect proposes nothing over what waits for consent
			p.Changed++
			p.Commands = append(p.Commands, meeting.ProposeAgreement{ID: x.ID, Base: base, Terms: terms})
		}
		for side := range x.Sides {
			if side != own {
				p.Left++
			}
		}
		mine := x.Sides[own]
		before := meeting.OwnAccount{}
		if now != nil {
			before = now.Sides[own]
		}
		if mine.Responsible != "" && (mine.Responsible != before.Responsible || mine.Function != before.Function) {
			p.add(meeting.NameResponsible{ID: x.ID, Name: mine.Responsible, Function: mine.Function})
		}
		if now == nil || now.Effect == 0 {
			p.Left += len(mine.Reports) + len(mine.Met) + len(x.Obstacles) + len(x.Evidence)
			continue
		}
		p.ownWords(x, now, mine, before, own)
	}
	return p
}

func (p *ImportPlan) add(c meeting.Command) {
	p.Commands = append(p.Commands, c)
	p.Own++
}

func (p *ImportPlan) ownWords(x, now *meeting.Agreement, mine, before meeting.OwnAccount, own meeting.PartyID) {
	if a, b := mine.Last(), before.Last(); len(mine.Reports) > 0 && (a.Progress != b.Progress || a.Percent != b.Percent || a.Note != b.Note) {
		p.add(meeting.ReportProgress{ID: x.ID, Progress: a.Progress, Percent: a.Percent, Note: a.Note})
	}
	for _, m := range now.Terms().Milestones {
		if d := mine.Met[m.ID]; d != "" && d != before.Met[m.ID] {
			p.add(meeting.MarkMilestone{ID: x.ID, Milestone: m.ID, Met: d})
		}
	}
	known := map[string]bool{}
	for _, o := range now.Obstacles {
		known[obstacleKey(o)] = true
	}
	for _, o := range x.Obstacles {
		switch {
		case o.Party != own:
			p.Left++
		case o.Cleared == nil && !known[obstacleKey(o)]:
			p.add(meeting.RaiseObstacle{ID: x.ID, Text: o.Text, Decider: o.Decider})
		}
	}
	for _, e := range now.Evidence {
		known[e.Title+"\x00"+e.URL+e.Document] = true
	}
	for _, e := range x.Evidence {
		switch {
		case e.Party != own:
			p.Left++
		case !e.Withdrawn && !known[e.Title+"\x00"+e.URL+e.Document]:
			p.add(meeting.AddEvidence{ID: x.ID, Title: e.Title, URL: e.URL, Document: e.Document})
		}
	}
}

func obstacleKey(o meeting.Obstacle) string {
	key := string(o.Party) + "\x00" + string(o.Decider.Party) + o.Decider.Body
	for _, l := range meeting.Interface() {
		key += "\x00" + o.Text[l]
	}
	return key
}
