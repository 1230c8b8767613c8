package recorder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/at-wat/ebml-go"
	"github.com/at-wat/ebml-go/webm"
)

const (
	// headBytes are kept for the beginning of a file, which is written twice:
	// at first as of a stream without end, at the end with length and index.
	headBytes = 512
	// clusterTime is the most that a killed process loses of a track.
	clusterTime = 2000 // ms

	segmentID = 0x18538067
	clusterID = 0x1F43B675
	cuesID    = 0x1C53BB6B
	blockID   = 0xA3
	timeID    = 0xE7

	segmentHead = 12 // bytes: its id, and a length of eight
	unknownSize = 1<<56 - 1
)

// format is what a file's one track is.
type format struct {
	Video         bool
	Width, Height int
}

// file is one WebM file of one track. It is whole up to its last cluster at any
// moment: a cluster is written by one call. Owned by the tape's goroutine.
type file struct {
	disk    *os.File
	format  format
	segment int64 // where the segment's content begins
	size    int64
	cluster webm.Cluster
	opened  int64 // ms of the open cluster
	last    int64 // ms of the last block
	cues    []webm.CuePoint
	begun   bool
}

func create(name string, f format) (*file, error) {
	disk, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a recording's file: %w", err)
	}
	x := &file{disk: disk, format: f, size: headBytes, last: -1}
	if err := x.writeHead(0, 0); err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	return x, nil
}

// head is the beginning of a file; cues is where the index stands, 0 while the
// file grows.
func (f *file) head(cues, size int64) ([]byte, error) {
	var b, s bytes.Buffer
	err := ebml.Marshal(&struct {
		Header webm.EBMLHeader `ebml:"EBML"`
	}{webm.EBMLHeader{EBMLVersion: 1, EBMLReadVersion: 1, EBMLMaxIDLength: 4, EBMLMaxSizeLength: 8, DocType: "webm", DocTypeVersion: 4, DocTypeReadVersion: 2}}, &b)
	if err != nil {
		return nil, err
	}
	f.segment = int64(b.Len() + segmentHead)
	length := uint64(unknownSize)
	info := webm.Info{TimecodeScale: uint64(time.Millisecond), MuxingApp: "astara", WritingApp: "astara"}
	var seek *webm.SeekHead
	if cues > 0 {
		length = uint64(size - f.segment)
		info.Duration = float64(f.last + f.step())
		seek = &webm.SeekHead{Seek: []webm.Seek{{SeekID: binary.BigEndian.AppendUint32(nil, cuesID), SeekPosition: uint64(cues - f.segment)}}}
	}
	b.Write(binary.BigEndian.AppendUint32(nil, segmentID))
	b.Write(binary.BigEndian.AppendUint64(nil, 1<<56|length))
	err = ebml.Marshal(&struct {
		SeekHead *webm.SeekHead `ebml:"SeekHead,omitempty"`
		Info     webm.Info      `ebml:"Info"`
		Tracks   webm.Tracks    `ebml:"Tracks"`
	}{seek, info, webm.Tracks{TrackEntry: []webm.TrackEntry{f.track()}}}, &s)
	if err != nil {
		return nil, err
	}
	b.Write(s.Bytes())
	void := headBytes - b.Len() - 9
	if void < 0 {
		return nil, errors.New("recorder: the head does not fit")
	}
	b.WriteByte(0xEC)
	b.Write(binary.BigEndian.AppendUint64(nil, 1<<56|uint64(void)))
	b.Write(make([]byte, void))
	return b.Bytes(), nil
}

// step is how long the last block is taken to last, ms.
func (f *file) step() int64 {
	if f.format.Video {
		return 40
	}
	return 20
}

func (f *file) track() webm.TrackEntry {
	if f.format.Video {
		return webm.TrackEntry{TrackNumber: 1, TrackUID: 1, CodecID: "V_VP8", TrackType: 1,
			Video: &webm.Video{PixelWidth: uint64(f.format.Width), PixelHeight: uint64(f.format.Height)}}
	}
	// OpusHead (RFC 7845): version 1, two channels, no skip, 48 kHz: what WebRTC's decoders put out.
	head := append([]byte("OpusHead"), 1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0)
	return webm.TrackEntry{TrackNumber: 1, TrackUID: 1, CodecID: "A_OPUS", CodecPrivate: head, SeekPreRoll: 80e6, TrackType: 2,
		Audio: &webm.Audio{SamplingFrequency: 48000, Channels: 2}}
}

func (f *file) writeHead(cues, size int64) error {
	b, err := f.head(cues, size)
	if err == nil {
		_, err = f.disk.WriteAt(b, 0)
	}
	if err != nil {
		return fmt.Errorf("write a recording's head: %w", err)
	}
	return nil
}

// block adds one frame, at ms since the part began; always later than the
// last, or players refuse it.
func (f *file) block(ms int64, key bool, data []byte) error {
	ms = max(ms, f.last+1)
	if f.begun && (ms-f.opened >= clusterTime || f.format.Video && key) {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if !f.begun {
		f.begun, f.opened = true, ms
		f.cluster = webm.Cluster{Timecode: uint64(ms)}
	}
	f.last = ms
	f.cluster.SimpleBlock = append(f.cluster.SimpleBlock, ebml.Block{TrackNumber: 1, Timecode: int16(ms - f.opened), Keyframe: key, Data: [][]byte{data}})
	return nil
}

// flush writes the open cluster.
func (f *file) flush() error {
	if !f.begun {
		return nil
	}
	f.begun = false
	var b bytes.Buffer
	if err := ebml.Marshal(&struct {
		Cluster webm.Cluster `ebml:"Cluster"`
	}{f.cluster}, &b); err != nil {
		return fmt.Errorf("write a cluster: %w", err)
	}
	if _, err := f.disk.WriteAt(b.Bytes(), f.size); err != nil {
		return errors.Join(fmt.Errorf("write a cluster: %w", err), f.disk.Truncate(f.size))
	}
	if !f.format.Video || f.cluster.SimpleBlock[0].Keyframe {
		f.cue(f.opened, f.size)
	}
	f.size += int64(b.Len())
	return nil
}

// drop forgets the open cluster: there is no room for it.
func (f *file) drop() { f.begun = false }

func (f *file) cue(ms, at int64) {
	f.cues = append(f.cues, webm.CuePoint{CueTime: uint64(ms), CueTrackPositions: []webm.CueTrackPosition{{CueTrack: 1, CueClusterPosition: uint64(at - f.segment)}}})
}

// finish gives the file its length and its index.
func (f *file) finish() error {
	err := f.flush()
	if len(f.cues) > 0 {
		var b bytes.Buffer
		e := ebml.Marshal(&struct {
			Cues webm.Cues `ebml:"Cues"`
		}{webm.Cues{CuePoint: f.cues}}, &b)
		if e == nil {
			_, e = f.disk.WriteAt(b.Bytes(), f.size)
		}
		if e == nil {
			e = f.writeHead(f.size, f.size+int64(b.Len()))
		}
		err = errors.Join(err, e)
	}
	return errors.Join(err, f.disk.Sync(), f.disk.Close())
}

// mend finishes a file whose process was killed: it ends after its last whole
// cluster.
func mend(name string, f format) (err error) {
	disk, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("mend a recording: %w", err)
	}
	x := &file{disk: disk, format: f, size: headBytes, last: -1}
	if _, err := x.head(0, 0); err != nil {
		return errors.Join(err, disk.Close())
	}
	b, err := io.ReadAll(io.NewSectionReader(disk, 0, headBytes))
	if err != nil || len(b) < headBytes {
		return errors.Join(errors.New("recorder: a file without a head"), err, disk.Close())
	}
	for {
		n, first, last, ok := x.measure(x.size)
		if !ok {
			break
		}
		x.cue(first, x.size)
		x.size, x.last = x.size+n, last
	}
	if err := disk.Truncate(x.size); err != nil {
		return errors.Join(err, disk.Close())
	}
	return x.finish()
}

// measure reads the cluster at an offset: its length with its head, and the
// times of its first and last block. False where there is no whole one.
func (f *file) measure(at int64) (n, first, last int64, ok bool) {
	head := make([]byte, 12)
	if k, _ := f.disk.ReadAt(head, at); k < 6 || binary.BigEndian.Uint32(head) != clusterID {
		return 0, 0, 0, false
	}
	size, w := vint(head[4:])
	if w == 0 || size > 1<<30 {
		return 0, 0, 0, false
	}
	body := make([]byte, size)
	if _, err := f.disk.ReadAt(body, at+4+int64(w)); err != nil {
		return 0, 0, 0, false
	}
	for b := body; len(b) > 1; {
		id := b[0]
		size, w := vint(b[1:])
		if w == 0 || size > uint64(len(b)-1-w) {
			return 0, 0, 0, false
		}
		x := b[1+w : 1+w+int(size)]
		switch {
		case id == timeID:
			for _, c := range x {
				first = first<<8 | int64(c)
			}
			last = first
		case id == blockID && len(x) >= 4:
			last = first + int64(int16(binary.BigEndian.Uint16(x[1:])))
		}
		b = b[1+w+int(size):]
	}
	return 4 + int64(w) + int64(size), first, last, true
}

// vint reads a length of EBML; 0 bytes where there is none.
func vint(b []byte) (v uint64, n int) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0
	}
	n = 1
	for m := byte(0x80); b[0]&m == 0; m >>= 1 {
		n++
	}
	if len(b) < n {
		return 0, 0
	}
	v = uint64(b[0]) & (1<<(8-n) - 1)
	for _, c := range b[1:n] {
		v = v<<8 | uint64(c)
	}
	return v, n
}
