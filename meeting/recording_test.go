package meeting

import "testing"

// recording is a consultation that is being recorded, with an interpreter on air.
func recording() []said {
	return append(interpreted(), said{rashad, GoOnAir{}}, said{minister, SetMicrophone{true}}, said{minister, SetCamera{true}}, said{head, SetMicrophone{true}},
		said{minister, AgreeRecording{}}, said{head, AgreeRecording{}}, said{head, BeginRecording{}})
}

func TestWhatIsRecorded(t *testing.T) {
	voice, camera := Recorded{Member: minister, Source: RecordedVoice}, Recorded{Member: minister, Source: RecordedCamera}
	other, channel := Recorded{Member: head, Source: RecordedVoice}, Recorded{Member: rashad, Source: RecordedChannel, Language: "az"}
	for _, c := range []struct {
		name string
		more []said
		want []Recorded
	}{
		{"the floor and the table, and no interpreter without consent", nil, []Recorded{other, voice, camera}},
		{"an interpreter with consent", []said{{rashad, ConsentRecording{true}}}, []Recorded{other, voice, camera, channel}},
		{"consent taken back", []said{{rashad, ConsentRecording{true}}, {rashad, ConsentRecording{false}}}, []Recorded{other, voice, camera}},
		{"a whisper", []said{{minister, Whisper{true}}}, []Recorded{other, camera}},
		{"a moderated floor", []said{{head, SetFloor{FloorModerated, false, 0}}, {head, GrantFloor{head, 0}}}, []Recorded{other, camera}},
		{"off the record", []said{{minister, GoOffRecord{true}}}, nil},
		{"off the record by two, back by one", []said{{minister, GoOffRecord{true}}, {head, GoOffRecord{true}}, {minister, GoOffRecord{false}}}, nil},
		{"back, while all are being told", []said{{minister, GoOffRecord{true}}, {minister, GoOffRecord{false}}}, nil},
		{"back", []said{{minister, GoOffRecord{true}}, {minister, GoOffRecord{false}}, {minister, BeginRecording{}}}, []Recorded{other, voice, camera}},
		{"stopped by one chair", []said{{head, StopRecording{}}}, nil},
		{"who left", []said{{minister, Leave{}}}, []Recorded{other}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := play(t, append(recording(), c.more...)...).Recorded()
			if len(got) != len(c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			seen := map[Recorded]bool{}
			for _, x := range got {
				seen[x] = true
			}
			for _, x := range c.want {
				if !seen[x] {
					t.Errorf("got %v, want %v in it", got, x)
				}
			}
		})
	}
}

// The last word for the recording was a head's, who has left with the ceremony when the part is on disk.
func TestWhatWasRecordedOfACeremonyIsFiled(t *testing.T) {
	m := play(t, append(together(), said{minister, AgreeRecording{}}, said{head, AgreeRecording{}}, said{head, BeginRecording{}}, said{leyla, EndTogether{}},
		said{head, FileRecording{Part: 1, Files: []RecordedFile{{Name: "a.webm", Source: RecordedVoice, Member: head}}}})...)
	if len(m.Recording.Parts) != 1 {
		t.Errorf("got %v, want one part", m.Recording.Parts)
	}
}

func TestNothingIsRecordedUnlessBothChairsAgree(t *testing.T) {
	for name, more := range map[string][]said{
		"nobody asked":          {{minister, BeginRecording{}}},
		"one chair":             {{minister, AgreeRecording{}}, {minister, BeginRecording{}}},
		"one chair, twice":      {{minister, AgreeRecording{}}, {minister, AgreeRecording{}}, {head, BeginRecording{}}},
		"the other declined":    {{minister, AgreeRecording{}}, {head, StopRecording{}}, {head, AgreeRecording{}}, {head, BeginRecording{}}},
		"stopped while told":    {{minister, AgreeRecording{}}, {head, AgreeRecording{}}, {minister, StopRecording{}}, {head, BeginRecording{}}},
		"all are still told":    {{minister, AgreeRecording{}}, {head, AgreeRecording{}}},
		"a word from last time": {{minister, AgreeRecording{}}, {head, AgreeRecording{}}, {head, BeginRecording{}}, {head, StopRecording{}}, {head, AgreeRecording{}}, {head, BeginRecording{}}},
	} {
		m := play(t, append(append(seated(), said{minister, SetMicrophone{true}}), more...)...)
		if got := m.Recorded(); got != nil {
			t.Errorf("%s: got %v recorded, want nothing", name, got)
		}
	}
}
