package main

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// The fields of LiveKit's signalling that joining needs, by their numbers in livekit/protocol's livekit_rtc.proto. The
// module itself would bring 300 packages (Redis, NATS, gRPC) for these.
const (
	toOffer, toAnswer, toTrack, toPing                           = 1, 2, 4, 16
	fromAnswer, fromOffer, fromTrickle, fromPublished, fromLeave = 2, 3, 4, 6, 8
	trickledForSubscriber                                        = 1
	kindAudio, kindVideo                                         = 0, 1
	sourceCamera, sourceMicrophone                               = 1, 2
)

// message is what LiveKit said: its field, and of that field's message the strings and numbers by theirs.
type message struct {
	what    protowire.Number
	strings map[protowire.Number]string
	numbers map[protowire.Number]uint64
}

var errMessage = errors.New("livekit: a message that is none")

func readMessage(b []byte) (message, error) {
	m := message{strings: map[protowire.Number]string{}, numbers: map[protowire.Number]uint64{}}
	what, kind, n := protowire.ConsumeTag(b)
	if n < 0 {
		return m, errMessage
	}
	m.what = what
	switch what {
	case fromAnswer, fromOffer, fromTrickle, fromLeave:
	default:
		return m, nil // that it came says enough
	}
	if kind != protowire.BytesType {
		return m, errMessage
	}
	body, k := protowire.ConsumeBytes(b[n:])
	if k < 0 {
		return m, errMessage
	}
	for len(body) > 0 {
		field, kind, n := protowire.ConsumeTag(body)
		if n < 0 {
			return m, errMessage
		}
		body = body[n:]
		switch kind {
		case protowire.BytesType:
			v, k := protowire.ConsumeBytes(body)
			if k < 0 {
				return m, errMessage
			}
			m.strings[field], n = string(v), k
		case protowire.VarintType:
			v, k := protowire.ConsumeVarint(body)
			if k < 0 {
				return m, errMessage
			}
			m.numbers[field], n = v, k
		default:
			if n = protowire.ConsumeFieldValue(field, kind, body); n < 0 {
				return m, errMessage
			}
		}
		body = body[n:]
	}
	return m, nil
}

// wrap puts a message's body into its field of the request.
func wrap(what protowire.Number, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, what, protowire.BytesType), body)
}

func text(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func number(b []byte, field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

// description is an offer or an answer to one, which repeats its id.
func description(what protowire.Number, kind, sdp string, id uint64) []byte {
	b := text(text(nil, 1, kind), 2, sdp)
	if id != 0 {
		b = number(b, 3, id)
	}
	return wrap(what, b)
}

// announce a track: one size, no redundant sound, so that both servers carry the same packets.
func announce(cid string, kind, source uint64) []byte {
	b := number(text(text(nil, 1, cid), 2, cid), 8, source)
	if kind == kindVideo {
		b = number(number(number(b, 3, kind), 4, 1280), 5, 720)
	} else {
		b = number(b, 13, 1)
	}
	return wrap(toTrack, b)
}
