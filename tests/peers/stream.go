package main

import (
	"slices"

	"github.com/pion/rtcp"
)

const (
	askTimes  = 3  // that a packet is asked for again
	askMost   = 64 // numbers missing at once; a larger gap is a new beginning
	reportMax = 31 // streams in a report (RFC 3550 section 6.4.1)
)

// stream is what a receiver knows of one SSRC: enough for its reports and for asking again.
type stream struct {
	ssrc            uint32
	first, highest  uint32 // extended numbers
	received        uint32
	told, toldOfAll uint32 // received and expected at the last report
	missing         []gap
}

// gap is a number that has not come.
type gap struct {
	number uint16
	asked  int
}

func newStream(ssrc uint32, number uint16) *stream {
	n := uint32(number) | 1<<16 // so that an older one is not below zero
	return &stream{ssrc: ssrc, first: n, highest: n - 1}
}

// arrive notes a packet.
func (s *stream) arrive(number uint16) {
	s.received++
	ahead := int16(number - uint16(s.highest))
	if ahead <= 0 {
		s.missing = slices.DeleteFunc(s.missing, func(g gap) bool { return g.number == number })
		return
	}
	if ahead > askMost {
		s.missing = s.missing[:0]
	} else {
		for n := uint16(s.highest) + 1; n != number; n++ {
			s.missing = append(s.missing, gap{number: n})
		}
	}
	s.missing = s.missing[max(len(s.missing)-askMost, 0):]
	s.highest += uint32(ahead)
}

// ask returns what is to be asked for now, and forgets what was asked for often enough.
func (s *stream) ask() []uint16 {
	var numbers []uint16
	for i := range s.missing {
		s.missing[i].asked++
		numbers = append(numbers, s.missing[i].number)
	}
	s.missing = slices.DeleteFunc(s.missing, func(g gap) bool { return g.asked >= askTimes })
	return numbers
}

// report is the stream's part of a receiver report.
func (s *stream) report() rtcp.ReceptionReport {
	expected := s.highest - s.first + 1
	lost := int64(expected) - int64(s.received)
	due, got := expected-s.toldOfAll, s.received-s.told
	s.toldOfAll, s.told = expected, s.received
	r := rtcp.ReceptionReport{SSRC: s.ssrc, LastSequenceNumber: s.highest - 1<<16, TotalLost: uint32(min(max(lost, 0), 1<<23-1))}
	if due > got {
		r.FractionLost = uint8(min((due-got)*256/due, 255))
	}
	return r
}
