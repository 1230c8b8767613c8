// Package bench measures what the router costs: a server process pinned to its
// cores, load clients on the others. The clients share no code with the router
// beyond the protocol, so they measure it from outside.
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"astara/media"
)

// Options of one run. Publishers and receivers are different people, unless
// their numbers are equal and more than one: then it is a meeting in which
// everybody does both and receives all others.
type Options struct {
	Publishers int      `json:"publishers"`
	Receivers  int      `json:"receivers"`
	VideoKbps  int      `json:"videoKbps"`          // per publisher; 0 sends no picture
	Audio      bool     `json:"audio"`              // 50 packets/s of each publisher
	Spread     bool     `json:"spread,omitempty"`   // frames as browsers send them, not back to back
	Even       bool     `json:"even,omitempty"`     // the publishers' frames begin at equal distances, not at random
	Feedback   bool     `json:"feedback,omitempty"` // receivers report arrivals, so that their lines are estimated
	Attack     bool     `json:"attack,omitempty"`   // measure the delay a second time, under floods
	Cores      int      `json:"cores"`              // for the server
	Seconds    int      `json:"seconds"`            // measured window, after a warm-up
	Profile    string   `json:"-"`                  // file for the server's CPU profile of the window
	Self       string   `json:"-"`                  // binary to execute as the server
	Args       []string `json:"-"`                  // that make Self call Serve
}

// Result of one run, with what was asked for, so that it can be run again.
type Result struct {
	Options
	PacketsPerSecond  float64 `json:"packetsPerSecond"`
	Delivered         float64 `json:"delivered"`        // 0..1 of the packets that were due
	DeliveredSound    float64 `json:"deliveredSound"`   // of sound alone, by its numbers: what is late is not lost
	UsPerPacket       float64 `json:"usPerPacket"`      // server CPU, user and system
	FloorUsPerPacket  float64 `json:"floorUsPerPacket"` // encrypting and sending alone, see floorRun
	Ratio             float64 `json:"ratio"`            // of the two
	P50Ms             float64 `json:"p50Ms"`            // of the delay until the load had read a packet
	P99Ms             float64 `json:"p99Ms"`
	ArrivalP50Ms      float64 `json:"arrivalP50Ms"` // until it lay in the receiver's socket
	ArrivalP99Ms      float64 `json:"arrivalP99Ms"`
	MiBPerParticipant float64 `json:"mibPerParticipant"` // resident, above the server without people
	PacketsPerMessage float64 `json:"packetsPerMessage"`
	MessagesPerCall   float64 `json:"messagesPerCall"`
	Allocations       float64 `json:"allocationsPerSecond"`
	AttackPackets     float64 `json:"attackPacketsPerSecond,omitempty"`
	PastP50Ms         float64 `json:"pastP50Ms,omitempty"` // while the same floods pass the server by
	PastP99Ms         float64 `json:"pastP99Ms,omitempty"`
	AttackP50Ms       float64 `json:"attackP50Ms,omitempty"` // of the others, meanwhile
	AttackP99Ms       float64 `json:"attackP99Ms,omitempty"`
	AttackDelivered   float64 `json:"attackDelivered,omitempty"`
	PastDelivered     float64 `json:"pastDelivered,omitempty"`
	AttackCalm        int     `json:"attackCalm,omitempty"`        // rounds of the five in which the delay of 99 % did not double
	AttackUsPerPacket float64 `json:"attackUsPerPacket,omitempty"` // CPU of the server for each packet of the floods
	AttackWaited      float64 `json:"attackWaited,omitempty"`      // meanwhile, for a core, of the time that the server had one
	AttackMiB         float64 `json:"attackMiB,omitempty"`         // that the server grew
	Shed              uint64  `json:"shed"`                        // pictures that the server gave up
	Held              int     `json:"held"`                        // not yet back at the end
	Narrowed          uint64  `json:"narrowed"`                    // times that it kept pictures out of its socket
	DroppedFull       uint64  `json:"droppedFull"`                 // packets lost there nevertheless
	DroppedByLoad     int64   `json:"droppedByLoad"`               // lost in the receivers' sockets: the load's own fault
	FullAfter         float64 `json:"fullAfterSeconds"`            // since the first packet, all that is due arrives; 0: not within the warm-up
	Probes            uint64  `json:"probes,omitempty"`            // packets that measured lines, until the end
}

var errOptions = errors.New("bench: needs publishers, receivers, seconds, and sound or picture")

const (
	framesPerSecond = 30
	packetBytes     = 1100
	soundBytes      = 100
	soundTime       = 20 * time.Millisecond
	// keyEvery frames is a key frame, so that slots fill soon.
	keyEvery = 10
	warmUp   = 30 * time.Second // at most, until everybody receives
	// overloadTime lets the server find what it can do.
	overloadTime = 8 * time.Second
)

// Run starts a server process, loads it and measures.
func Run(ctx context.Context, o Options) (Result, error) {
	if o.Publishers < 1 || o.Receivers < 1 || o.Seconds < 1 || o.VideoKbps <= 0 && !o.Audio {
		return Result{}, errOptions
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := start(ctx, o)
	if err != nil {
		return Result{}, err
	}
	defer s.stop()
	l := &load{o: o, server: s, began: time.Now()}
	defer l.close()
	if l.empty, err = s.usage(); err != nil {
		return Result{}, err
	}
	if err := l.join(ctx); err != nil {
		return Result{}, err
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	for _, c := range l.clients {
		wait.Go(func() { c.publish(ctx) })
		if o.Feedback && len(c.from) > 0 {
			wait.Go(func() { c.report(ctx) })
		}
	}
	if err := l.warm(ctx); err != nil {
		return Result{}, err
	}
	return l.measure(ctx)
}

// measure compares counters over the window.
func (l *load) measure(ctx context.Context) (Result, error) {
	l.still(ctx)
	before, err := l.server.usage()
	if err != nil {
		return Result{}, err
	}
	if l.o.Profile != "" {
		if _, err := l.server.ask(request{Do: "profile", Path: l.o.Profile}); err != nil {
			return Result{}, err
		}
	}
	then := l.tally()
	l.paused.Store(false)
	from := time.Now()
	d, err := l.sample(ctx)
	if err != nil {
		return Result{}, err
	}
	took := time.Since(from).Seconds()
	l.still(ctx)
	now := l.tally()
	after, err := l.server.usage()
	if err != nil {
		return Result{}, err
	}
	l.paused.Store(false)
	if l.o.Profile != "" {
		if _, err := l.server.ask(request{Do: "profile"}); err != nil {
			return Result{}, err
		}
	}
	n := float64(now.received - then.received)
	if n == 0 {
		return Result{}, errors.New("bench: nothing was delivered")
	}
	r := Result{
		Options:           l.o,
		PacketsPerSecond:  math.Round(n / took),
		Delivered:         share(now.received-then.received, now.due-then.due),
		DeliveredSound:    share(now.sounds-then.sounds, now.soundsDue-then.soundsDue),
		UsPerPacket:       round(float64(after.CPU-before.CPU)/1e3/n, 100),
		P50Ms:             percentile(d.read, 50),
		P99Ms:             percentile(d.read, 99),
		ArrivalP50Ms:      percentile(d.arrival, 50),
		ArrivalP99Ms:      percentile(d.arrival, 99),
		MiBPerParticipant: round(float64(after.Resident-l.empty.Resident)/(1<<20)/float64(len(l.clients)), 100),
		PacketsPerMessage: round(float64(after.Stats.PacketsOut-before.Stats.PacketsOut)/float64(after.Stats.Messages-before.Stats.Messages), 100),
		MessagesPerCall:   round(float64(after.Stats.Messages-before.Stats.Messages)/float64(after.Stats.Calls-before.Stats.Calls), 100),
		Shed:              after.Stats.Shed - before.Stats.Shed,
		Held:              after.Stats.Held,
		Narrowed:          after.Stats.Narrowed - before.Stats.Narrowed,
		DroppedFull:       after.Stats.DroppedFull - before.Stats.DroppedFull,
		DroppedByLoad:     now.dropped - then.dropped,
		FullAfter:         l.full,
		Probes:            after.Stats.Probes,
		Allocations:       math.Round(float64(after.Allocations-before.Allocations) / took),
	}
	if l.o.Attack {
		if err := l.attack(ctx, &r); err != nil {
			return r, err
		}
	}
	floor, err := l.floor(before, after, took)
	if err != nil {
		return r, err
	}
	r.FloorUsPerPacket = round(floor, 100)
	r.Ratio = round(r.UsPerPacket/floor, 100)
	return r, nil
}

// share of what was due; a packet on its way at the beginning may make it more.
func share(got, due int64) float64 {
	if due == 0 {
		return 1
	}
	return round(min(float64(got)/float64(due), 1), 1e4)
}

// server is the process under load.
type server struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
	mu  sync.Mutex // one request at a time
}

// start runs the server on the first cores and moves this process to the others.
func start(ctx context.Context, o Options) (*server, error) {
	cmd := exec.CommandContext(ctx, o.Self, o.Args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("server's input: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("server's output: %w", err)
	}
	if err := startPinned(cmd, o.Cores); err != nil {
		return nil, fmt.Errorf("start server: %w", err)
	}
	return &server{cmd: cmd, in: in, out: json.NewDecoder(out)}, nil
}

// startPinned gives the child the affinity that this thread has when it forks.
func startPinned(cmd *exec.Cmd, cores int) error {
	var all unix.CPUSet
	if cores < 1 || unix.SchedGetaffinity(0, &all) != nil || all.Count() <= cores {
		return cmd.Start()
	}
	var server, rest unix.CPUSet
	for i, n := 0, 0; n < all.Count(); i++ {
		if !all.IsSet(i) {
			continue
		}
		if n++; n <= cores {
			server.Set(i)
		} else {
			rest.Set(i)
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedSetaffinity(0, &server); err != nil {
		return err
	}
	err := cmd.Start()
	tasks, _ := os.ReadDir("/proc/self/task")
	for _, t := range tasks {
		if id, e := strconv.Atoi(t.Name()); e == nil {
			_ = unix.SchedSetaffinity(id, &rest) // a thread may have ended
		}
	}
	return err
}

func (s *server) stop() {
	s.in.Close()
	_ = s.cmd.Wait()
}

func (s *server) ask(q request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r reply
	if err := json.NewEncoder(s.in).Encode(q); err != nil {
		return r, fmt.Errorf("ask server: %w", err)
	}
	if err := s.out.Decode(&r); err != nil {
		return r, fmt.Errorf("server's reply: %w", err)
	}
	if r.Error != "" {
		return r, errors.New("bench server: " + r.Error)
	}
	return r, nil
}

func (s *server) usage() (reply, error) { return s.ask(request{Do: "usage"}) }

// request and reply are the lines between load and server.
type request struct {
	Do    string        `json:"do"` // "answer", "assign", "usage", "floor", "profile"
	Peer  media.PeerID  `json:"peer,omitempty"`
	Offer media.Offer   `json:"offer,omitzero"`
	Slot  media.SlotID  `json:"slot,omitempty"`
	Track media.TrackID `json:"track,omitzero"`
	Floor floorRun      `json:"floor,omitzero"`
	Path  string        `json:"path,omitempty"` // of the profile that begins; none ends it
}

type reply struct {
	Error string      `json:"error,omitempty"`
	SDP   string      `json:"sdp,omitempty"`
	Stats media.Stats `json:"stats,omitzero"`

	CPU         int64   `json:"cpu,omitempty"`      // nanoseconds, user and system
	Waited      int64   `json:"waited,omitempty"`   // nanoseconds, of all threads, ready and without a core
	Resident    int64   `json:"resident,omitempty"` // bytes
	Allocations uint64  `json:"allocations,omitempty"`
	Floor       float64 `json:"floor,omitempty"` // nanoseconds a packet
}

// Serve is the server process of a run; it obeys JSON lines on in and answers
// on out until in ends or ctx does.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	r, err := media.Open(media.Config{Listen: loopback()})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	var failed error
	wait.Go(func() { failed = r.Run(ctx) })
	wait.Go(func() {
		for range r.Events() {
		}
	})
	err = obey(r, in, out)
	cancel()
	wait.Wait()
	return errors.Join(err, failed)
}

func obey(r *media.Router, in io.Reader, out io.Writer) error {
	d, e := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var q request
		if err := d.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		var a reply
		var err error
		switch q.Do {
		case "answer":
			a.SDP, err = r.Answer(q.Peer, q.Offer)
		case "assign":
			err = r.Assign(q.Peer, q.Slot, q.Track)
		case "usage":
			a.Stats = r.Stats()
			err = a.measure()
		case "profile":
			err = profile(q.Path)
		case "floor":
			a.Floor, err = q.Floor.run()
		default:
			err = errors.New("unknown request")
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := e.Encode(a); err != nil {
			return fmt.Errorf("reply: %w", err)
		}
	}
}

// measure this process.
func (a *reply) measure() error {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return fmt.Errorf("usage: %w", err)
	}
	a.CPU = u.Utime.Nano() + u.Stime.Nano()
	_, a.Waited = threads()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	a.Allocations = m.Mallocs
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return fmt.Errorf("resident memory: %w", err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(b), &size, &resident); err != nil {
		return fmt.Errorf("resident memory: %w", err)
	}
	a.Resident = resident * int64(os.Getpagesize())
	return nil
}

func profile(path string) error {
	if path == "" {
		pprof.StopCPUProfile()
		return nil
	}
	f, err := os.Create(path) // the process ends soon after the profile does
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return pprof.StartCPUProfile(f)
}
