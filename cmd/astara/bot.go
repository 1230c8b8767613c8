package main

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"astara/meeting"
	"astara/server"
)

// clip is 3 s of a moving picture (VP8, 320x180, 15/s) and of a tone (Opus, 440 Hz), for a line test without files.
//
//go:embed clip
var clip embed.FS

// botOptions are the flags of a bot.
type botOptions struct {
	link, server, video, audio string
	seconds                    int
	listenOnly, take, onAir    bool
	obey, soundOnly            bool
	tcp, tls, insecure         bool
}

func runBot(ctx context.Context, con console, args []string) error {
	fs := newFlags("bot", "Takes part by a personal link, without a browser: sends a picture and a tone, counts what arrives, and reports.\n"+
		"joinedMs counts from opening the link until media flows, without the time in the lobby; firstPacketMs from the offer.")
	var o botOptions
	fs.StringVar(&o.link, "link", "", "`URL`: a personal link")
	fs.StringVar(&o.server, "server", "", "`URL`: reach the node here, when the link's own address does not lead to it")
	fs.StringVar(&o.video, "video", "", "`FILE`: send this picture, VP8 in IVF, instead of the built-in one")
	fs.StringVar(&o.audio, "audio", "", "`FILE`: send this sound, Opus in Ogg, instead of the built-in tone")
	fs.IntVar(&o.seconds, "seconds", 10, "`N`: how long, the time in the lobby included")
	fs.BoolVar(&o.listenOnly, "listen-only", false, "send nothing")
	fs.BoolVar(&o.soundOnly, "sound-only", false, "send no picture")
	fs.BoolVar(&o.onAir, "on-air", false, "of an interpreter with a booth: speak into its channel")
	fs.BoolVar(&o.obey, "obey", false, "take commands of the meeting from standard input, one a line: TYPE JSON; it answers \"done\" or a refusal's code")
	fs.BoolVar(&o.take, "take", false, "take the seat from the browser that has it")
	fs.BoolVar(&o.tcp, "tcp", false, "connect by TCP only, as from a network that lets no UDP through")
	fs.BoolVar(&o.tls, "tls", false, "connect by TLS to the https port only, as from a network that lets nothing else through")
	fs.BoolVar(&o.insecure, "insecure", false, "accept any certificate: for tests on one's own machine")
	asJSON := fs.Bool("json", false, "print JSON")
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	dir, err := o.unpack()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bot{o: o, log: slog.New(slog.NewTextHandler(con.err, nil)), tallies: map[tallyKey]*tally{}, level: 127}
	if o.obey {
		orders := make(chan order)
		b.orders, b.answers = orders, log.New(con.out, "", 0)
		go readOrders(ctx, con.in, orders) // ends with the process: nobody can end the reading of a terminal
	}
	if err := b.run(ctx); err != nil {
		return fmt.Errorf("bot: %w", worded(err))
	}
	if *asJSON {
		return json.NewEncoder(con.out).Encode(b.report())
	}
	b.report().write(con.out)
	return nil
}

func (o *botOptions) check() error {
	u, err := url.Parse(o.link)
	switch {
	case o.link == "":
		return wrongUse("bot: --link URL is missing")
	case err != nil || u.Host == "" || u.Fragment == "":
		return wrongUse("bot: --link is not a personal link such as https://NAME/join#...")
	case o.seconds < 1:
		return wrongUse("bot: --seconds is at least 1")
	case o.tcp && o.tls:
		return wrongUse("bot: either --tcp or --tls")
	case o.soundOnly && o.video != "":
		return wrongUse("bot: with --sound-only there is no --video")
	case o.listenOnly && (o.video != "" || o.audio != ""):
		return wrongUse("bot: with --listen-only there is no --video and no --audio")
	}
	if o.server != "" {
		s, err := url.Parse(o.server)
		if err != nil || s.Host == "" {
			return wrongUse("bot: --server %q is not like https://NAME", o.server)
		}
		o.server = s.Scheme + "://" + s.Host
	}
	return nil
}

// unpack puts the built-in clip where it can be read, in place of files that were not given.
func (o *botOptions) unpack() (dir string, err error) {
	if o.listenOnly {
		return "", nil
	}
	if dir, err = os.MkdirTemp("", "astara-bot-"); err != nil {
		return "", fmt.Errorf("bot: %w", err)
	}
	for name, file := range map[string]*string{"picture.ivf": &o.video, "sound.ogg": &o.audio} {
		if o.soundOnly && file == &o.video {
			continue
		}
		if *file != "" {
			if _, err := os.Stat(*file); err != nil {
				return dir, wrongUse("bot: %v", err)
			}
			continue
		}
		b, err := clip.ReadFile("clip/" + name)
		if err == nil {
			*file = filepath.Join(dir, name)
			err = os.WriteFile(*file, b, 0o600)
		}
		if err != nil {
			return dir, fmt.Errorf("bot: %w", err)
		}
	}
	return dir, nil
}

// worded says what a refusal or goodbye means to whoever runs the bot.
func worded(err error) error {
	var r *meeting.Refusal
	if errors.As(err, &r) && r.Code == "link-elsewhere" {
		return fmt.Errorf("%w: another browser has this seat; --take takes it", err)
	}
	return err
}

// ---- what a bot reports ----------------------------------------------------------------------------------------------

type botReport struct {
	JoinedMs float64   `json:"joinedMs"`
	Received []arrived `json:"received"`
}

type arrived struct {
	Member        meeting.MemberID `json:"member"`
	Kind          string           `json:"kind"` // "audio" or "video"
	Packets       uint64           `json:"packets"`
	Lost          uint64           `json:"lost"`
	Restored      uint64           `json:"restored"` // sound that came only as a copy in a later packet
	FirstPacketMs float64          `json:"firstPacketMs"`
}

type tallyKey struct {
	member meeting.MemberID
	kind   string
}

// tally of one kind from one member, over all calls.
type tally struct {
	packets, lost, restored uint64
	first                   float64
}

func (b *bot) report() botReport {
	r := botReport{JoinedMs: ms(b.joined), Received: []arrived{}}
	for _, k := range slices.SortedFunc(maps.Keys(b.tallies), func(x, y tallyKey) int {
		return cmp.Or(cmp.Compare(x.member, y.member), cmp.Compare(x.kind, y.kind))
	}) {
		t := b.tallies[k]
		r.Received = append(r.Received, arrived{k.member, k.kind, t.packets, t.lost, t.restored, t.first})
	}
	return r
}

func (r botReport) write(w io.Writer) {
	fmt.Fprintf(w, "joined after %.0f ms\n", r.JoinedMs)
	for _, a := range r.Received {
		share := 0.0
		if a.Packets+a.Lost > 0 {
			share = 100 * float64(a.Lost) / float64(a.Packets+a.Lost)
		}
		fmt.Fprintf(w, "  %-32s %-5s  %6d packets, %d lost (%.2f %%), %d restored, the first after %.0f ms\n", a.Member, a.Kind, a.Packets, a.Lost, share, a.Restored, a.FirstPacketMs)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// final errors end a bot: coming back would change nothing.
func final(err error) bool {
	var g *server.Goodbye
	if errors.As(err, &g) {
		return g.After == nil
	}
	var r *meeting.Refusal
	return errors.As(err, &r) && r.Code != "too-many" && r.Code != "internal"
}
