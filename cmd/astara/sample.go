package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"astara/auth"
	"astara/meeting"
)

// sampleRow is one link of the sample, as --json prints it.
type sampleRow struct {
	Consultation meeting.ConsultationID `json:"consultation"`
	Party        meeting.PartyID        `json:"party"`
	Role         string                 `json:"role"`
	Name         string                 `json:"name"`
	Link         string                 `json:"link"`
}

// sampleKind is what differs from one sample to another.
type sampleKind struct{ openDoor, ceremony bool }

// secretarySignIn is the role of a row that is not a seat: the way to a secretary's desk.
const secretarySignIn = "secretary-sign-in"

func sample(ctx context.Context, con console, args []string) error {
	fs := newFlags("sample", "Makes a consultation of two sides that begins now, and prints one personal link for each person. The sides are made the first time.")
	var l loader
	l.flagsOf(fs, "data", "database", "listen", "base-url", "domain")
	openDoor := fs.Bool("open-door", false, "invited people need no admission")
	ceremony := fs.Bool("ceremony", false, "the heads wait apart and appear to each other at once")
	signIn := fs.Bool("sign-in", false, "print one-time links to both secretaries' desks too")
	past := fs.Bool("held", true, "also make, the first time, a consultation that was held nine weeks ago, with what followed from it")
	asJSON := fs.Bool("json", false, "print JSON")
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	o, err := openOffice(ctx, con, l)
	if err != nil {
		return err
	}
	if *past {
		err = o.ensureHeld(ctx)
	}
	if err != nil {
		return fmt.Errorf("sample: %w", errors.Join(err, o.close()))
	}
	rows, err := o.makeSample(ctx, sampleKind{*openDoor, *ceremony}, *signIn)
	if err := errors.Join(err, o.close()); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	if *asJSON {
		return json.NewEncoder(con.out).Encode(rows)
	}
	printSample(con.out, rows)
	return nil
}

// makeSample takes the way that secretaries take: one calls, the other takes it up, both agree and invite their own people.
func (o *office) makeSample(ctx context.Context, kind sampleKind, signIn bool) ([]sampleRow, error) {
	id := meeting.ConsultationID(newID())
	joint := sampleJoint(time.Now())
	joint.Ceremony = kind.ceremony
	for _, d := range sampleDelegations() {
		if err := o.reuse(ctx, d); err != nil {
			return nil, err
		}
	}
	for i, d := range sampleDelegations() {
		by, person := d.secretary()
		if i == 0 {
			err := o.house.Call(ctx, id, by, meeting.CallConsultation{Joint: joint, Secretary: person, OpenDoor: kind.openDoor})
			if err != nil {
				return nil, err
			}
		} else if err := o.house.Do(ctx, id, by, meeting.TakeUp{Secretary: person}); err != nil {
			return nil, err
		}
		if err := o.house.Do(ctx, id, by, meeting.AgreeConsultation{Version: 1}); err != nil {
			return nil, err
		}
		for _, p := range d.people {
			if p.Role == meeting.Secretary {
				continue
			}
			if err := o.house.Do(ctx, id, by, meeting.InviteMember{Person: p}); err != nil {
				return nil, fmt.Errorf("invite %s: %w", d.party.ID.Member(p.ID), err)
			}
		}
	}
	for _, d := range sampleDelegations() {
		if err := o.sampleBooth(ctx, id, d, joint.Languages); err != nil {
			return nil, fmt.Errorf("booth of %s: %w", d.party.ID, err)
		}
	}
	return o.sampleLinks(ctx, id, joint.StartsAt, signIn)
}

// sampleBooth gives a side's interpreter a booth that works from all other languages into the side's own.
func (o *office) sampleBooth(ctx context.Context, id meeting.ConsultationID, d delegation, languages []meeting.Language) error {
	by, _ := d.secretary()
	own := d.party.Language
	from := slices.DeleteFunc(slices.Clone(languages), func(l meeting.Language) bool { return l == own })
	if err := o.house.Do(ctx, id, by, meeting.AssignInterpreter{Member: d.party.ID.Member("interpreter"), Booth: own}); err != nil {
		return err
	}
	return o.house.Do(ctx, id, by, meeting.SetBoothLanguages{Booth: own, From: from})
}

// reuse makes the party and its secretary unless they are there.
func (o *office) reuse(ctx context.Context, d delegation) error {
	if err := o.ensureParty(ctx, d.party); err != nil {
		return err
	}
	by, person := d.secretary()
	return o.ensureSecretary(ctx, auth.NewSecretary(by, person.Name, person.Language))
}

func (o *office) sampleLinks(ctx context.Context, id meeting.ConsultationID, startsAt time.Time, signIn bool) ([]sampleRow, error) {
	var rows []sampleRow
	for _, d := range sampleDelegations() {
		for _, p := range d.people {
			link, err := o.auth.IssueLink(ctx, id, d.party.ID.Member(p.ID), startsAt)
			if err != nil {
				return nil, err
			}
			rows = append(rows, sampleRow{id, d.party.ID, string(p.Role), p.Name, link.URL})
		}
		if signIn {
			by, person := d.secretary()
			link, err := o.auth.IssueSignIn(ctx, by)
			if err != nil {
				return nil, err
			}
			rows = append(rows, sampleRow{id, d.party.ID, secretarySignIn, person.Name, link.URL})
		}
	}
	return rows, nil
}

// printSample groups by side. The role stands first: names of two scripts in one column do not line up in every terminal.
func printSample(w io.Writer, rows []sampleRow) {
	fmt.Fprintln(w, "A sample consultation is ready. Each link is for one person and one browser.")
	party := meeting.PartyID("")
	for _, r := range rows {
		if r.Party != party {
			party = r.Party
			for _, d := range sampleDelegations() {
				if d.party.ID == party {
					fmt.Fprintf(w, "\n%s (%s)\n", d.party.Names["en"], d.party.Names[d.party.Language])
				}
			}
		}
		role := r.Role
		if role == secretarySignIn {
			role = "secretary's desk"
		}
		fmt.Fprintf(w, "  %-16s  %s  %s\n", role, r.Link, r.Name)
	}
	fmt.Fprintln(w, "\nThe secretaries let their own people in. A desk's link works once: astara admin sign-in-link makes another.")
}

// ---- what the sample says --------------------------------------------------------------------------------------------

// delegation is a party and its people, the secretary among them.
type delegation struct {
	party  meeting.Party
	people []meeting.Person
}

func (d delegation) secretary() (meeting.MemberID, meeting.Person) {
	for _, p := range d.people {
		if p.Role == meeting.Secretary {
			return d.party.ID.Member(p.ID), p
		}
	}
	panic("the sample's " + string(d.party.ID) + " has no secretary")
}

// sampleDelegations: institutions and people are invented.
func sampleDelegations() []delegation {
	return []delegation{
		{meeting.Party{ID: "tehran", Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri, Names: meeting.Words{
			"fa": "وزارت راه و ترابری", "az": "Yollar və Nəqliyyat Nazirliyi", "en": "Ministry of Roads and Transport", "ru": "Министерство дорог и транспорта"}},
			samplePeople("fa", [8][2]string{
				{"بهرام کاویانی", "معاون وزیر"},
				{"شیرین فرهمند", "مدیرکل طرح‌های راه‌آهن"},
				{"کامران نیک‌پی", "مدیرکل ترانزیت و مرزها"},
				{"لاله رستگار", "مشاور حقوقی"},
				{"آیدین صفوی‌نژاد", "مترجم همزمان"},
				{"مینا آذرپناه", "دبیر هیئت"},
				{"سهراب دانشور", "کارشناس فنی"},
				{"پروین شایگان", "ناظر"}})},
		{meeting.Party{ID: "baku", Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian, Names: meeting.Words{
			"fa": "وزارت حمل‌ونقل و بازرگانی", "az": "Nəqliyyat və Ticarət Nazirliyi", "en": "Ministry of Transport and Trade", "ru": "Министерство транспорта и торговли"}},
			samplePeople("az", [8][2]string{
				{"Elşən Qarabəyli", "Nazir müavini"},
				{"Nərgiz Ağayarlı", "Dəmir yolu layihələri şöbəsinin müdiri"},
				{"Tural Şıxəmirov", "Tranzit və sərhəd şöbəsinin müdiri"},
				{"Günay Səfərzadə", "Hüquq müşaviri"},
				{"Rəşad Mirzəcanlı", "Sinxron tərcüməçi"},
				{"Aytən Vəlişli", "Nümayəndə heyətinin katibi"},
				{"Orxan Ələkbərli", "Texniki mütəxəssis"},
				{"Sevda Məlikzadə", "Müşahidəçi"}})},
	}
}

// samplePeople gives names and functions their roles, in the order of the roster with two delegates.
func samplePeople(l meeting.Language, who [8][2]string) []meeting.Person {
	roles := []meeting.Role{meeting.Head, meeting.Delegate, meeting.Delegate, meeting.Adviser, meeting.Interpreter, meeting.Secretary, meeting.Technician, meeting.Observer}
	out := make([]meeting.Person, len(who))
	for i, w := range who {
		id := string(roles[i])
		if i == 2 {
			id += "-2"
		}
		out[i] = meeting.Person{ID: meeting.PersonID(id), Name: w[0], Function: w[1], Role: roles[i], Language: l}
	}
	return out
}

func sampleJoint(now time.Time) meeting.Joint {
	var parties []meeting.Party
	for _, d := range sampleDelegations() {
		parties = append(parties, d.party)
	}
	return meeting.Joint{
		Title: meeting.Words{
			"fa": "رایزنی دربارهٔ راه‌آهن رشت–آستارا و گذر کالا از مرز",
			"az": "Rəşt–Astara dəmir yolu və malların sərhəddən keçməsi üzrə məsləhətləşmə",
			"en": "Consultation on the Rasht–Astara railway and goods crossing the border",
			"ru": "Консультация о железной дороге Решт — Астара и пропуске товаров через границу"},
		Parties:   parties,
		StartsAt:  now.UTC().Truncate(time.Minute),
		Minutes:   120,
		Languages: []meeting.Language{"fa", "az", "en", "ru"},
		Agenda: []meeting.AgendaItem{
			{ID: "railway", Minutes: 45, Title: meeting.Words{
				"fa": "تکمیل راه‌آهن رشت–آستارا",
				"az": "Rəşt–Astara dəmir yolunun tamamlanması",
				"en": "Completing the Rasht–Astara railway",
				"ru": "Завершение железной дороги Решт — Астара"}},
			{ID: "experience", Minutes: 30, Title: meeting.Words{
				"fa": "تبادل تجربه در مدیریت گذرگاه‌های مرزی",
				"az": "Sərhəd keçid məntəqələrinin idarə olunmasında təcrübə mübadiləsi",
				"en": "Exchange of experience in running border crossings",
				"ru": "Обмен опытом в управлении пунктами пропуска"}},
			{ID: "health", Minutes: 45, Title: meeting.Words{
				"fa": "مقررات بهداشتی کالا در مرز",
				"az": "Sərhəddə mallar üçün sanitariya qaydaları",
				"en": "Health rules for goods at the border",
				"ru": "Санитарные правила для товаров на границе"}},
		},
	}
}
