package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// An archive is a zip of named files that is written in one way only: stored, not compressed, without dates and extras. So every
// byte of it is known from its files, one that was changed anywhere is found, and nothing can grow when it is read.

// MaxArchive is what is read into memory at once: some 250,000 entries.
const MaxArchive = 256 << 20

type file struct {
	name string
	data []byte
}

const (
	localHeader   = 30 // bytes, before the name
	centralHeader = 46
	endHeader     = 22
)

// pack writes the archive.
func pack(files []file) ([]byte, error) {
	size := endHeader
	for _, f := range files {
		size += localHeader + centralHeader + 2*len(f.name) + len(f.data)
	}
	if size > MaxArchive {
		return nil, fmt.Errorf("the record is larger than %d MiB", MaxArchive>>20)
	}
	out := make([]byte, 0, size)
	var central []byte
	le := binary.LittleEndian
	for _, f := range files {
		at := len(out)
		// Version 2.0, names are UTF-8, stored, at the first moment that the format can write: 1 January 1980.
		common := []byte{20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0}
		common = le.AppendUint32(common, crc32.ChecksumIEEE(f.data))
		common = le.AppendUint32(common, uint32(len(f.data)))
		common = le.AppendUint32(common, uint32(len(f.data)))
		common = le.AppendUint16(common, uint16(len(f.name)))
		common = le.AppendUint16(common, 0)
		out = append(append(out, "PK\x03\x04"...), common...)
		out = append(append(out, f.name...), f.data...)
		central = append(append(central, "PK\x01\x02\x14\x00"...), common...)
		central = append(central, make([]byte, 10)...) // no comment, first disk, no attributes
		central = append(le.AppendUint32(central, uint32(at)), f.name...)
	}
	at := len(out)
	out = append(append(out, central...), "PK\x05\x06\x00\x00\x00\x00"...)
	out = le.AppendUint16(out, uint16(len(files)))
	out = le.AppendUint16(out, uint16(len(files)))
	out = le.AppendUint32(out, uint32(len(central)))
	out = le.AppendUint32(out, uint32(at))
	return le.AppendUint16(out, 0), nil
}

var (
	errNoExport = errors.New("this is no export of a record")
	errRepacked = errors.New("this export was packed again by another program: use the file as it was exported")
)

// unpack finds the files of an archive in their order. The bytes between them are compared by who packs them again.
func unpack(b []byte, names []string) ([]file, error) {
	var out []file
	le := binary.LittleEndian
	for _, name := range names {
		if len(b) < localHeader+len(name) || string(b[:2]) != "PK" {
			return nil, errNoExport
		}
		method, size := le.Uint16(b[8:]), int64(le.Uint32(b[22:]))
		got := string(b[localHeader : localHeader+len(name)])
		switch {
		case method != 0 && strings.HasSuffix(got, ".txt"):
			return nil, errRepacked
		case got != name:
			return nil, fmt.Errorf("%w: %s is not where it should be", errNoExport, name)
		case size > int64(len(b)-localHeader-len(name)):
			return nil, fmt.Errorf("%w: it is cut within %s", errNoExport, name)
		}
		b = b[localHeader+len(name):]
		out = append(out, file{name, b[:size]})
		b = b[size:]
	}
	return out, nil
}
