package recorder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"astara/media"
)

const (
	look     = 100 * time.Millisecond
	lookDisk = 50 // looks: each 5 s

	// reserve are bytes that are taken when a part begins and given back when it ends: on a disk that filled up meanwhile, files still get
	// their index and the part its list. Enough for some twenty sources and two hours.
	reserve     = 1 << 20
	reserveName = "reserve"
)

// Tape is a part while it is written. Its methods are one caller's.
type Tape struct {
	rec   *Recorder
	tap   *media.Tap
	dir   string
	began time.Duration // on the router's clock
	asks  chan seating  // bound: 1024; the caller waits for a tape that is late
	stop  chan struct{} // closed by Stop
	done  chan struct{} // closed when everything is on disk
	over  bool          // Stop was said; the caller's
	seats map[media.SlotID]media.TrackID

	// The tape's goroutine's until done is closed.
	lanes map[media.SlotID]*lane
	list  manifest
	bytes int64
	ended time.Duration
	fault chan error // holds the first
}

// seating tells the writer what a slot is of before its first packet.
type seating struct {
	slot  media.SlotID
	kind  media.Kind
	label Label
}

// lane is one slot and the file that it goes to.
type lane struct {
	kind    media.Kind
	label   Label
	order   order
	file    *file
	sound   sound
	picture picture
}

// Begin makes a part of a recording, into which nothing goes yet. The part must
// be new.
func (r *Recorder) Begin(id string, part int) (*Tape, error) {
	if !safe(id) {
		return nil, fmt.Errorf("recorder: no name for a folder: %q", id)
	}
	if !r.Room() {
		return nil, ErrFull
	}
	dir := r.folder(id, part)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("make a recording's folder: %w", err)
	}
	_ = os.Remove(filepath.Join(dir, reserveName))
	_ = os.Remove(dir) // of a part that was never begun: empty, else it stays and is refused
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a recording's folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, reserveName), make([]byte, reserve), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("keep room for a recording's end: %w", err), os.RemoveAll(dir))
	}
	t := &Tape{rec: r, dir: dir, tap: r.cfg.Tap(media.PeerID(id + "//tape")), asks: make(chan seating, 1024), stop: make(chan struct{}), done: make(chan struct{}),
		seats: map[media.SlotID]media.TrackID{}, lanes: map[media.SlotID]*lane{}, fault: make(chan error, 1)}
	t.began = t.tap.Now()
	go t.run()
	return t, nil
}

// Seat records a track in a slot from now on, or after a while.
func (t *Tape) Seat(slot media.SlotID, kind media.Kind, track media.TrackID, label Label, after time.Duration) {
	if t.over || t.seats[slot] == track {
		return
	}
	t.seats[slot] = track
	t.asks <- seating{slot, kind, label}
	t.tap.Seat(slot, kind, track, t.tap.Now()+after)
}

// Empty ends what a slot records.
func (t *Tape) Empty(slot media.SlotID) {
	if _, ok := t.seats[slot]; ok && !t.over {
		delete(t.seats, slot)
		t.tap.Empty(slot)
	}
}

// Seats are the slots that record.
func (t *Tape) Seats() map[media.SlotID]media.TrackID { return t.seats }

// Stop ends the part: nothing that comes after it returns is written.
func (t *Tape) Stop() {
	if !t.over {
		t.over, t.ended = true, t.tap.Now()
		t.tap.Shut()
		close(t.stop)
	}
}

// Done is closed when the part is on disk.
func (t *Tape) Done() <-chan struct{} { return t.done }

// Failed is why nothing more is written, or nil.
func (t *Tape) Failed() error {
	select {
	case err := <-t.fault:
		t.fault <- err
		return err
	default:
		return nil
	}
}

// run writes until Stop.
func (t *Tape) run() {
	defer close(t.done)
	tick := time.NewTicker(look)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case a := <-t.asks:
			t.seat(a)
		case p := <-t.tap.Pieces():
			t.take(p)
		case <-tick.C:
			for id, l := range t.lanes {
				l.order.look(t.tap.Now(), t.writer(id, l))
			}
			if n%lookDisk == 0 && (t.rec.full(t.dir) || t.bytes > t.rec.cfg.Most) {
				t.fail(ErrFull)
			}
		case <-t.stop:
			t.finish()
			return
		}
	}
}

func (t *Tape) seat(a seating) {
	if t.lanes[a.slot] == nil {
		t.lanes[a.slot] = &lane{kind: a.kind, label: a.label}
	}
}

func (t *Tape) take(p media.Piece) {
	for len(t.asks) > 0 { // what was said before the packet came
		t.seat(<-t.asks)
	}
	if l := t.lanes[p.Slot]; l != nil {
		l.order.add(p, t.writer(p.Slot, l))
	}
}

// writer puts packets that are in order into a lane's file.
func (t *Tape) writer(id media.SlotID, l *lane) func(media.Piece, bool) {
	return func(p media.Piece, gap bool) {
		if t.Failed() != nil {
			return
		}
		var err error
		if l.kind == media.Audio {
			err = t.hear(l, p)
		} else {
			err = t.see(id, l, p, gap)
		}
		if err != nil {
			t.fail(err)
		}
	}
}

func (t *Tape) hear(l *lane, p media.Piece) error {
	at := p.At - t.began
	if p.Padding || at < 0 {
		return nil
	}
	if l.file == nil {
		if err := t.open(l, format{}); err != nil {
			return err
		}
	}
	t.bytes += int64(len(p.Data))
	return l.sound.write(l.file, at, p.Data)
}

func (t *Tape) see(id media.SlotID, l *lane, p media.Piece, gap bool) error {
	frame, refresh := l.picture.add(p, gap)
	if refresh {
		t.tap.Refresh(id)
	}
	at := l.picture.at - t.began
	if frame == nil || at < 0 {
		return nil
	}
	width, height, key := vp8Size(frame)
	if l.file == nil {
		if !key {
			return nil
		}
		if err := t.open(l, format{Video: true, Width: width, Height: height}); err != nil {
			return err
		}
	}
	t.bytes += int64(len(frame))
	return l.file.block(at.Milliseconds(), key, frame)
}

// open makes a lane's file, noted before anything is in it.
func (t *Tape) open(l *lane, f format) error {
	name := fmt.Sprintf("%s-%d.webm", l.label.Source, len(t.list.Files)+1)
	t.list.Files = append(t.list.Files, File{Name: name, Label: l.label, Format: f})
	err := t.list.write(t.dir)
	if err == nil {
		l.file, err = create(filepath.Join(t.dir, name), f)
	}
	return err
}

// fail keeps the first fault; nothing is written after it.
func (t *Tape) fail(err error) {
	select {
	case t.fault <- err:
		t.rec.cfg.Logger.Error("recording ended", "cause", err)
	default:
	}
}

// finish writes what has come, and closes the files. All sounds end together. What could not be written is left out: the files end before it.
func (t *Tape) finish() {
	_ = os.Remove(filepath.Join(t.dir, reserveName))
	for len(t.tap.Pieces()) > 0 {
		t.take(<-t.tap.Pieces())
	}
	for id, l := range t.lanes {
		l.order.flush(t.writer(id, l))
		if l.file == nil {
			continue
		}
		if t.Failed() != nil {
			l.file.drop()
		} else if l.kind == media.Audio {
			if err := l.sound.fill(l.file, t.ended-t.began); err != nil {
				t.fail(err)
			}
		}
		if err := l.file.finish(); err != nil {
			t.fail(err)
		}
	}
	if len(t.list.Files) == 0 {
		_ = os.Remove(t.dir) // nothing was written
		return
	}
	if _, err := seal(t.dir, t.list); err != nil {
		t.fail(err)
	}
}
