package media

import (
	"sync/atomic"
	"time"
)

// Tap is a receiver without a line: what its slots show is handed on as plain
// packets, to be written down. It has slots like any receiver, so a picture
// begins with a key frame, comes in the largest size, and is asked of its
// publisher in a codec that the tap takes; what is missing is asked for by the
// road as for everybody.
type Tap struct {
	router *Router
	peer   *peer
	pieces chan Piece
	shut   atomic.Bool
	lost   atomic.Uint64

	seats map[SlotID]*tapSeat // the road's
}

// tapSeat is a slot of a tap.
type tapSeat struct {
	slot  *slot
	since int64  // nothing that was taken before goes into it
	clean bool   // picture: a key frame taken after since has come
	first uint64 // its number
}

// Piece is one packet out of a tap.
type Piece struct {
	Slot    SlotID
	Number  uint64        // runs on without a gap over changes of source and layer
	At      time.Duration // when it was taken, on the router's clock; sound and picture of a publisher agree
	Came    time.Duration // when it was here, on the same clock
	Key     bool          // a key frame begins
	Marker  bool          // a frame ends
	Padding bool          // only counts
	Data    []byte
}

// tapRoom is how many packets may wait for the reader of a tap: one second of
// twenty cameras. More are lost, and counted.
const tapRoom = 8192

// Tap makes one. It costs nothing until something is seated.
func (r *Router) Tap(id PeerID) *Tap {
	t := &Tap{router: r, pieces: make(chan Piece, tapRoom), seats: map[SlotID]*tapSeat{}}
	t.peer = newPeer(id, "")
	t.peer.tap = t
	return t
}

// Now on the router's clock.
func (t *Tap) Now() time.Duration { return time.Since(t.router.road.began) }

// Pieces is never closed.
func (t *Tap) Pieces() <-chan Piece { return t.pieces }

// Lost is how many packets found no room.
func (t *Tap) Lost() uint64 { return t.lost.Load() }

// Seat puts a track into a slot, which is made when there is none of the name.
// What was taken before since, on the router's clock, never comes out of it.
func (t *Tap) Seat(id SlotID, kind Kind, track TrackID, since time.Duration) {
	r := t.router.road
	r.do(func() {
		s := t.seats[id]
		if s == nil {
			s = &tapSeat{slot: newSlot(t.peer, id, kind, 0, 0)}
			s.slot.base = 0
			s.slot.codecs = 1<<vp8 | 1<<opus
			t.seats[id] = s
			t.peer.slots = append(t.peer.slots, s.slot)
		}
		old := s.slot.seat
		s.since, s.clean = int64(since), false
		s.slot.leave()
		r.track(track).seat(s.slot)
		if old != nil && old.id != track {
			r.tidy(old)
		}
	})
}

// Empty ends what a slot shows.
func (t *Tap) Empty(id SlotID) {
	r := t.router.road
	r.do(func() {
		if s := t.seats[id]; s != nil {
			r.empty(s.slot)
		}
	})
}

// Refresh asks for a key frame: what came last cannot be shown.
func (t *Tap) Refresh(id SlotID) {
	r := t.router.road
	r.do(func() {
		if s := t.seats[id]; s != nil && s.slot.cur != nil {
			s.slot.cur.keyWanted = true
		}
	})
}

// Shut lets nothing more out, from the moment at which it returns; for good.
func (t *Tap) Shut() {
	t.shut.Store(true)
	r := t.router.road
	r.do(func() {
		for _, s := range t.seats {
			r.empty(s.slot)
		}
		clear(t.seats)
		t.peer.slots = nil
	})
}

// takes says that packets can go to a receiver.
func (p *peer) takes() bool { return p.out != nil || p.tap != nil }

// pour hands a packet on. It never waits.
func (t *Tap) pour(s *slot, l *layer, k *packet, now int64) {
	seat := t.seats[s.id]
	if seat == nil || seat.slot != s || t.shut.Load() {
		return
	}
	at := s.captured(l, k, now)
	number := k.index + s.offset
	s.sent(k, len(k.data), number, s.picture)
	switch {
	case s.kind == Audio && at < seat.since:
		return
	case s.kind == Video && !seat.clean:
		// A picture is made of those before it: the first is whole by itself.
		if !k.key || at < seat.since {
			l.keyWanted = true
			return
		}
		seat.clean, seat.first = true, number
	case s.kind == Video && number < seat.first:
		return
	}
	select {
	case t.pieces <- Piece{Slot: s.id, Number: number, At: time.Duration(at), Came: time.Duration(now), Key: k.key, Marker: k.marker, Padding: k.padding, Data: append([]byte(nil), k.data...)}:
	default:
		t.lost.Add(1)
	}
}

// captured is when k was taken: by the publisher's reports, and before the
// first of them on the line that began when the slot took the layer.
func (s *slot) captured(l *layer, k *packet, now int64) int64 {
	if at, ok := l.captured(k.ts); ok {
		return at
	}
	return now + int64(int32(k.ts+s.tsShift-s.stamp(now)))*1e9/s.kind.rate()
}
