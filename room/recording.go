package room

import (
	"errors"
	"syscall"
	"time"

	"astara/media"
	"astara/media/recorder"
	"astara/meeting"
	"astara/protocol"
)

const (
	// soundGuard: an Opus packet can hold a copy of the one before it, which may be of what is not to be kept.
	soundGuard = 100 * time.Millisecond
	// channelLag is how far an interpretation runs behind the floor: after an interval off the record it still tells of it.
	channelLag = 5 * time.Second
)

// recording is the room's side of what is written down. It follows the rules' state; it decides nothing.
type recording struct {
	tape    *recorder.Tape // nil: nothing is written
	began   time.Time      // of the tape
	begins  time.Time      // when what was announced begins
	closing int            // parts that are being closed
	filed   chan filed     // bound: a part each; never closed
}

// filed is a part that is on disk.
type filed struct {
	part  int
	files []recorder.File
	err   error
}

// mayRecord refuses a chair's word where this node could not keep it.
func (r *room) mayRecord(c meeting.Command) error {
	if _, ok := c.(meeting.AgreeRecording); ok && (r.cfg.Recorder == nil || !r.cfg.Recorder.Room()) {
		return &meeting.Refusal{Code: protocol.RecordingUnavailable}
	}
	return nil
}

// record brings the tape together with the state, after each event and before anybody hears of it: what is no longer to be kept is not
// kept from the moment at which people are told so.
func (r *room) record() {
	t := r.recording.tape
	if t == nil {
		return
	}
	if r.meeting.Recording.Stage != meeting.RecordingOn {
		r.closeTape()
		return
	}
	wanted := map[media.SlotID]meeting.Recorded{}
	for _, x := range r.meeting.Recorded() {
		wanted[tapeSlot(x)] = x
	}
	for slot := range t.Seats() {
		if _, ok := wanted[slot]; !ok {
			t.Empty(slot)
		}
	}
	for slot, x := range wanted {
		kind, after := media.Audio, soundGuard-time.Since(r.recording.began)
		label := recorder.Label{Source: string(x.Source), Member: string(x.Member)}
		source := media.Source(x.Source)
		switch x.Source {
		case meeting.RecordedCamera, meeting.RecordedScreen:
			kind = media.Video
		case meeting.RecordedChannel:
			source, label = media.Source(meeting.RecordedVoice), recorder.Label{Source: string(x.Source), Language: string(x.Language)}
			after = soundGuard
			if r.meeting.Recording.Part > 1 {
				after = max(after, channelLag-time.Since(r.recording.began))
			}
		}
		t.Seat(slot, kind, media.TrackID{Peer: r.peerOf(x.Member), Source: source}, label, max(after, 0))
	}
}

func tapeSlot(x meeting.Recorded) media.SlotID {
	if x.Source == meeting.RecordedChannel {
		return media.SlotID("channel:" + string(x.Language))
	}
	return media.SlotID(string(x.Source) + ":" + string(x.Member))
}

// closeTape ends the part at once; its files are closed beside the meeting.
func (r *room) closeTape() {
	t := r.recording.tape
	if t == nil {
		return
	}
	t.Stop()
	r.recording.tape = nil
	r.file(t.Done(), r.meeting.Recording.Part)
}

// file waits for a part to be on disk and brings what it consists of.
func (r *room) file(done <-chan struct{}, part int) {
	if r.recording.filed == nil {
		r.recording.filed = make(chan filed, 64)
	}
	r.recording.closing++
	out := r.recording.filed
	r.files.Go(func() {
		<-done
		files, err := r.cfg.Recorder.Closed(string(r.id), part)
		out <- filed{part, files, err}
	})
}

// resume looks after what an earlier process left: parts that were not closed, and a recording that it was in the middle of.
func (r *room) resume() {
	if r.cfg.Recorder == nil || r.meeting.Recording.Part == 0 {
		return
	}
	known := map[int]bool{}
	for _, p := range r.meeting.Recording.Parts {
		known[p.Part] = true
	}
	done := make(chan struct{})
	close(done)
	for part := 1; part <= r.meeting.Recording.Part; part++ {
		if !known[part] && part > r.meeting.Recording.Part-64 {
			r.file(done, part)
		}
	}
	if err := r.act(r.meeting.Recording.By, meeting.ResumeRecording{}); err != nil {
		r.log.Error("recording not resumed", "cause", err)
	}
}

// keepRecording keeps the recording's deadlines: it begins when everybody has been told, and ends where it cannot go on.
func (r *room) keepRecording(now time.Time) {
	select {
	case f := <-r.recording.filed:
		r.noteFiled(f)
	default:
	}
	x := r.meeting.Recording
	if x.Stage != meeting.RecordingAnnouncing {
		r.recording.begins = time.Time{}
	}
	switch {
	case x.Stage == meeting.RecordingOff:
	case time.Since(r.emptied) > r.cfg.Idle/2:
		r.endRecording(meeting.EndedEmpty)
	case x.Stage == meeting.RecordingAnnouncing && r.recording.begins.IsZero():
		r.recording.begins = now.Add(r.cfg.Notice)
	case x.Stage == meeting.RecordingAnnouncing && !now.Before(r.recording.begins):
		r.begin()
	case r.recording.tape != nil && r.recording.tape.Failed() != nil:
		r.endRecording(endOf(r.recording.tape.Failed()))
	case x.Stage == meeting.RecordingOn && r.recording.tape == nil:
		r.endRecording(meeting.EndedFault)
	}
}

func endOf(err error) meeting.RecordingEnd {
	if errors.Is(err, recorder.ErrFull) || errors.Is(err, syscall.ENOSPC) {
		return meeting.EndedDiskFull
	}
	return meeting.EndedFault
}

func (r *room) begin() {
	if r.cfg.Recorder == nil {
		r.endRecording(meeting.EndedFault)
		return
	}
	t, err := r.cfg.Recorder.Begin(string(r.id), r.meeting.Recording.Part+1)
	if err != nil {
		r.log.Error("recording does not begin", "cause", err)
		r.endRecording(endOf(err))
		return
	}
	r.recording.tape, r.recording.began = t, time.Now()
	if err := r.act(r.meeting.Recording.By, meeting.BeginRecording{}); err != nil {
		r.log.Error("recording does not begin", "cause", err)
		t.Stop()
		r.recording.tape = nil
	}
}

func (r *room) endRecording(why meeting.RecordingEnd) {
	if err := r.act(r.meeting.Recording.By, meeting.EndRecording{Ended: why}); err != nil {
		r.log.Error("recording not ended", "cause", err)
		r.closeTape() // nothing more is written, whatever the record says
	}
}

// noteFiled puts a closed part into the record.
func (r *room) noteFiled(f filed) {
	r.recording.closing--
	if f.err != nil {
		r.log.Error("recording not closed", "part", f.part, "cause", f.err)
		return
	}
	c := meeting.FileRecording{Part: f.part, Files: []meeting.RecordedFile{}}
	for _, x := range f.files {
		c.Files = append(c.Files, meeting.RecordedFile{Name: x.Name, Source: meeting.RecordedSource(x.Label.Source), Member: meeting.MemberID(x.Label.Member),
			Language: meeting.Language(x.Label.Language), Bytes: x.Bytes, Millis: x.Millis, SHA256: x.SHA256})
	}
	if err := r.act(r.meeting.Recording.By, c); err != nil {
		r.log.Error("recording not in the record yet", "part", f.part, "cause", err) // the next session of the room looks again
	}
}

// busy says that the room has to stay: something is recorded, or being closed.
func (r *recording) busy() bool { return r.tape != nil || r.closing > 0 }
