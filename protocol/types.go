package protocol

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"astara/meeting"
)

// TypeScript writes the client's types: one interface a struct, one union for each closed set of words.
// web/src/protocol.ts is its output; a test keeps them equal, and "make protocol" writes it.
func TypeScript() string {
	w := &typeWriter{done: map[string]bool{}, unions: map[reflect.Type][]string{
		reflect.TypeFor[meeting.Role]():         words(meeting.Roles()),
		reflect.TypeFor[meeting.Standing]():     words(meeting.Standings()),
		reflect.TypeFor[meeting.Calendar]():     {string(meeting.Gregorian), string(meeting.SolarHijri)},
		reflect.TypeFor[meeting.RefusalCode]():  append(words(meeting.RefusalCodes()), DoorCodes()...),
		reflect.TypeFor[meeting.FloorMode]():    words(meeting.FloorModes()),
		reflect.TypeFor[meeting.ItemStatus]():   words(meeting.ItemStatuses()),
		reflect.TypeFor[meeting.Answer]():       words(meeting.Answers()),
		reflect.TypeFor[meeting.DocumentKind](): words(meeting.DocumentKinds()),
		reflect.TypeFor[meeting.Kind]():         {string(meeting.KindCall)},
		reflect.TypeFor[Source]():               words(Sources()),
		reflect.TypeFor[FoundKind]():            words(FoundKinds()),
		reflect.TypeFor[Quality]():              words(Qualities()),
		reflect.TypeFor[Codec]():                words(Codecs()),
		reflect.TypeFor[Pause]():                words(Pauses()),

		// Of agreements.
		reflect.TypeFor[meeting.AgreementKind](): words(meeting.AgreementKinds()),
		reflect.TypeFor[meeting.Progress]():      words(meeting.Progresses()),
		reflect.TypeFor[meeting.ReviewState]():   words(meeting.ReviewStates()),
		reflect.TypeFor[meeting.Difference]():    words(meeting.Differences()),

		// Of the glossary.
		reflect.TypeFor[TermState](): words(TermStates()),

		// Of recording.
		reflect.TypeFor[meeting.RecordingStage](): words(meeting.RecordingStages()),
		reflect.TypeFor[meeting.RecordingEnd]():   words(meeting.RecordingEnds()),
		reflect.TypeFor[meeting.RecordedSource](): words(meeting.RecordedSources()),

		// Of the record itself.
		reflect.TypeFor[meeting.Erasure](): words(meeting.Erasures()),

		// Of interpretation.
		reflect.TypeFor[meeting.Suspension]():   words(meeting.Suspensions()),
		reflect.TypeFor[meeting.OffAirReason](): words(meeting.OffAirReasons()),
		reflect.TypeFor[meeting.ChoiceKind]():   words(meeting.ChoiceKinds()),
		reflect.TypeFor[meeting.SoundResult]():  words(meeting.SoundResults()),
		reflect.TypeFor[meeting.HearingPlan]():  words(meeting.HearingPlans()),
		reflect.TypeFor[meeting.HeardSound]():   {string(meeting.HeardVoice), string(meeting.HeardScreen), string(meeting.HeardWhisper)},
	}}
	w.out.WriteString("// Written by `make protocol` from the Go package protocol. Do not edit.\n")
	fmt.Fprintf(&w.out, "\nexport const VERSION = %d\nexport const MAX_MESSAGE = %d\n", Version, MaxMessage)
	w.named(reflect.TypeFor[meeting.RefusalCode]())

	events := map[string]any{}
	for _, b := range meeting.EventBodies() {
		events[string(b.Type())] = b
	}
	w.table("EventBodies", events)
	w.out.WriteString("\nexport type Event = { [T in keyof EventBodies]: { seq: number; at: string; party: PartyID; by: MemberID; type: T; body: EventBodies[T] } }[keyof EventBodies]\n")
	w.done["Event"] = true
	w.table("MemberCommands", commands(meeting.MemberCommands()))
	w.table("DeskCommands", commands(meeting.DeskCommands()))
	w.table("AgreementCommands", commands(meeting.AgreementCommands()))
	w.table("TermCommands", commands(meeting.TermCommands()))
	w.table("ClientMessages", ClientMessages())
	w.table("NodeMessages", NodeMessages())
	w.named(reflect.TypeFor[meeting.Hearing]()) // which the client works out by itself
	for _, b := range Bodies() {
		w.named(reflect.TypeOf(b))
	}
	return w.out.String()
}

func commands(list []meeting.Command) map[string]any {
	out := map[string]any{}
	for _, c := range list {
		out[string(c.Type())] = c
	}
	return out
}

func words[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

type typeWriter struct {
	out    strings.Builder
	done   map[string]bool
	unions map[reflect.Type][]string
}

// table writes name -> type, and before it every type that it needs.
func (w *typeWriter) table(name string, rows map[string]any) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nexport interface %s {\n", name)
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&b, "  '%s': %s\n", k, w.ref(reflect.TypeOf(rows[k])))
	}
	b.WriteString("}\n")
	w.out.WriteString(b.String())
}

// ref is how a type is written where it is used.
func (w *typeWriter) ref(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "string"
	case t.PkgPath() != "" && t.Kind() != reflect.Interface:
		w.named(t)
		return t.Name()
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint32, reflect.Float64:
		return "number"
	case reflect.Slice:
		return w.ref(t.Elem()) + "[]"
	case reflect.Map:
		return "Record<" + w.ref(t.Key()) + ", " + w.ref(t.Elem()) + ">"
	case reflect.Pointer:
		return w.ref(t.Elem())
	case reflect.Interface:
		return "unknown"
	}
	panic("no TypeScript for " + t.String())
}

// named writes the declaration of a named type once.
func (w *typeWriter) named(t reflect.Type) {
	if w.done[t.Name()] {
		return
	}
	w.done[t.Name()] = true
	if u, ok := w.unions[t]; ok {
		fmt.Fprintf(&w.out, "\nexport type %s =\n  | '%s'\n", t.Name(), strings.Join(u, "'\n  | '"))
		return
	}
	switch t.Kind() {
	case reflect.String:
		fmt.Fprintf(&w.out, "\nexport type %s = string\n", t.Name())
	case reflect.Struct:
		w.object(t)
	default: // a map or list with a name, such as Words
		fmt.Fprintf(&w.out, "\nexport type %s = %s\n", t.Name(), w.plain(t))
	}
}

func (w *typeWriter) plain(t reflect.Type) string {
	if t.Kind() == reflect.Map {
		return "Partial<Record<" + w.ref(t.Key()) + ", " + w.ref(t.Elem()) + ">>"
	}
	return w.ref(t.Elem()) + "[]"
}

func (w *typeWriter) object(t reflect.Type) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nexport interface %s {\n", t.Name())
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if name == "" {
			panic("no json name: " + t.String() + "." + f.Name)
		}
		mark := ""
		if strings.Contains(opts, "omitempty") {
			mark = "?"
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", name, mark, w.ref(f.Type))
	}
	b.WriteString("}\n")
	if t.NumField() == 0 {
		b.Reset()
		fmt.Fprintf(&b, "\nexport type %s = Record<string, never>\n", t.Name())
	}
	w.out.WriteString(b.String())
}
