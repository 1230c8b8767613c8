package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

const (
	joinTime  = 150 * time.Second // for all people of a run
	joinMost  = 4                 // at a time
	warmTime  = 40 * time.Second  // at most, until everything flows
	quietTime = 2 * time.Second   // after that, before the window
)

// server is what is measured. Join connects a person; subscribe is called for each when all are in; broken says whether
// somebody fell out.
type server interface {
	join(ctx context.Context, p *person) error
	subscribe(p *person) error
	broken() error
	usage() (usage, error)
	stop()
}

// run is one scenario at one server.
type run struct {
	s      scenario
	server server
	people []*person
	fast   atomic.Bool
}

// measure starts the server, brings everybody in, measures, and ends all of it.
func measure(ctx context.Context, o options, c cores, s scenario, name string) (result, error) {
	r := &run{s: s}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var err error
	switch name {
	case "astara":
		r.server, err = startAstara(ctx, c, o.Astara)
	case "livekit", "livekit-batch", "livekit-range":
		r.server, err = startLiveKit(ctx, c, o.LiveKit, name)
	default:
		err = fmt.Errorf("no server is named %q", name)
	}
	if err != nil {
		return result{}, err
	}
	defer r.server.stop()
	empty, err := r.server.usage()
	if err != nil {
		return result{}, err
	}
	if err := r.invite(!o.silent); err != nil {
		return result{}, err
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	defer r.leave()
	defer cancel()
	began := time.Now()
	if err := r.join(ctx, &wait); err != nil {
		return result{}, err
	}
	r.fast.Store(true)
	out := result{JoinSeconds: round(time.Since(began).Seconds(), 10), StreamsDue: r.streamsDue()}
	if err := r.warm(ctx, out.StreamsDue); err != nil {
		return result{}, err
	}
	return out, r.window(ctx, o.window, empty, &out)
}

// invite makes the people; asks says whether they ask for packets that are missing.
func (r *run) invite(asks bool) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return err
	}
	began := time.Now()
	for i := range r.s.Publishers + r.s.Receivers {
		p := &person{name: fmt.Sprint("p", i), began: began, cert: *cert, fast: &r.fast, line: newLine(began, r.s.sampleEvery(), asks)}
		if i < r.s.Publishers {
			if err := p.tracks(r.s); err != nil {
				return err
			}
		}
		r.people = append(r.people, p)
	}
	publishers := r.people[:r.s.Publishers]
	for i, p := range r.people {
		if r.s.Receivers > 0 && i < r.s.Publishers {
			continue
		}
		for _, q := range publishers {
			if q != p {
				p.from = append(p.from, q)
				q.fans++
			}
		}
	}
	return nil
}

// join a few at a time, the publishers first.
func (r *run) join(ctx context.Context, wait *sync.WaitGroup) error {
	all, cancel := context.WithTimeoutCause(ctx, joinTime, errors.New("not everybody was in in time"))
	defer cancel()
	for _, group := range [][]*person{r.people[:r.s.Publishers], r.people[r.s.Publishers:]} {
		if err := r.joinGroup(all, ctx, group, wait); err != nil {
			return err
		}
	}
	for _, p := range r.people {
		if err := r.server.subscribe(p); err != nil {
			return err
		}
	}
	return r.server.broken()
}

func (r *run) joinGroup(ctx, whole context.Context, group []*person, wait *sync.WaitGroup) error {
	gate := make(chan struct{}, joinMost)
	errs := make([]error, len(group))
	var joining sync.WaitGroup
	for i, p := range group {
		gate <- struct{}{}
		joining.Go(func() {
			defer func() { <-gate }()
			one, cancel := context.WithTimeoutCause(ctx, connectTime, errors.New("not in time"))
			defer cancel()
			if err := r.server.join(one, p); err != nil {
				errs[i] = fmt.Errorf("%s joins: %w", p.name, err)
				return
			}
			p.publish(whole, wait)
			if len(p.from) > 0 {
				wait.Go(func() { p.line.feedback(whole, p.receives()) })
			}
		})
		if errors.Join(errs[:max(i-joinMost, 0)]...) != nil {
			break
		}
	}
	joining.Wait()
	return errors.Join(errs...)
}

// receives is the connection that a person receives by: the first that was made.
func (p *person) receives() *webrtc.PeerConnection {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[0]
}

func (r *run) leave() {
	var wait sync.WaitGroup
	for _, p := range r.people {
		wait.Go(p.close)
	}
	wait.Wait()
}

func (r *run) streamsDue() int {
	n := 0
	for _, p := range r.people {
		for _, q := range p.from {
			if q.camera != nil {
				n++
			}
			if q.microphone != nil {
				n++
			}
		}
	}
	return n
}

// tally of all people.
type tally struct {
	due, received, dropped int64
	streams                int
}

func (r *run) tally() tally {
	var t tally
	for _, p := range r.people {
		t.due += p.sent.Load() * int64(p.fans)
		received, dropped, streams := p.line.tally()
		t.received, t.dropped, t.streams = t.received+received, t.dropped+dropped, t.streams+streams
	}
	return t
}

// warm waits until every stream has come and 99 of 100 packets do, or as long as that may take: what does not come by
// then is what is measured.
func (r *run) warm(ctx context.Context, streams int) error {
	for end := time.Now().Add(warmTime); time.Now().Before(end); {
		before := r.tally()
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		now := r.tally()
		if now.streams >= streams && float64(now.received-before.received) > 0.99*float64(now.due-before.due) {
			break
		}
	}
	return pause(ctx, quietTime)
}

// window is what counts.
func (r *run) window(ctx context.Context, length time.Duration, empty usage, out *result) error {
	for _, p := range r.people {
		p.line.sample(true)
	}
	mineThen, err := usageOf(os.Getpid())
	if err != nil {
		return err
	}
	then, err := r.server.usage()
	if err != nil {
		return err
	}
	before, from := r.tally(), time.Now()
	if err := pause(ctx, length); err != nil {
		return err
	}
	now, took := r.tally(), time.Since(from).Seconds()
	after, err := r.server.usage()
	if err != nil {
		return err
	}
	mine, err := usageOf(os.Getpid())
	if err != nil {
		return err
	}
	if err := r.server.broken(); err != nil {
		return err
	}
	var delays []float64
	for _, p := range r.people {
		delays = append(delays, p.line.sample(false)...)
		out.Feedback = out.Feedback || p.line.agreed()
	}
	slices.Sort(delays)
	received := float64(now.received - before.received)
	if received == 0 {
		return errors.New("nothing was delivered")
	}
	out.PacketsPerSecond = math.Round(received / took)
	out.Delivered = round(min(received/float64(now.due-before.due), 1), 1e4)
	out.UsPerPacket = round(float64(after.ran-then.ran)/1e3/received, 100)
	out.P50Ms, out.P99Ms = round(percentile(delays, 50), 100), round(percentile(delays, 99), 100)
	out.MiBPerParticipant = round(float64(after.resident-empty.resident)/(1<<20)/float64(len(r.people)), 100)
	out.Busy = round(float64(after.ran-then.ran)/1e9/took, 1000)
	out.Waited = round(float64(after.waited-then.waited)/1e9/took, 1000)
	out.GeneratorBusy = round(float64(mine.ran-mineThen.ran)/1e9/took, 1000)
	out.DroppedByUs, out.Streams = now.dropped-before.dropped, now.streams
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
