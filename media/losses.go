package media

import "slices"

// losses is what a line carries by what did not come. It goes by steps of
// sending: the better half of the last few, so that a burst, which fills two or
// three of them, is no sign of a full line. And it asks whether sending less
// helped: what is lost all the same is the line's own, and costs no rate.
type losses struct {
	rate  float64 // bit/s; maxRate: they say nothing
	steps [lossSteps]lossStep
	n     int
	open  lossStep
	own   float64 // share that is lost whatever is sent
	at    int64   // of the last judgement
	from  int64   // what was sent before says nothing of the present rate
	tried trial
	limit float64 // bit/s that came when less helped; 0: unknown
}

type lossStep struct {
	begun     int64 // first sent
	all, lost int
}

// trial is a cut whose effect is not yet known.
type trial struct {
	share  float64 // lost before; 0: there is none
	went   float64 // sent before, bit/s
	came   float64 // of it
	before float64 // rate
}

const (
	lossSteps   = 10
	lossFewest  = 4 // steps that say something
	lossSpan    = 100e6
	lossPackets = 10 // a step has at least so many
	lossMuch    = 0.10
	lossLittle  = 0.02
	// lossKnown of the rate that came when the line was full loses little: a
	// short queue does not take a whole frame.
	lossKnown = 0.9
)

// add takes what became of a packet sent at a time, in the order of sending.
func (l *losses) add(a *ack) {
	if a.sent < l.from {
		return
	}
	if a.again { // it was counted as lost
		if l.open.lost > 0 {
			l.open.lost--
		} else if l.n > 0 {
			l.steps[(l.n-1)%lossSteps].lost--
		}
		return
	}
	if l.open.all >= lossPackets && a.sent-l.open.begun >= lossSpan {
		l.steps[l.n%lossSteps] = l.open
		l.n++
		l.open = lossStep{}
	}
	if l.open.all == 0 {
		l.open.begun = a.sent
	}
	l.open.all++
	if a.came == missing {
		l.open.lost++
	}
}

// share that was lost of the better half of the steps.
func (l *losses) share() (share float64, known bool) {
	n := min(l.n, lossSteps)
	if n < lossFewest {
		return 0, false
	}
	s := l.steps
	slices.SortFunc(s[:n], func(a, b lossStep) int { return a.lost*b.all - b.lost*a.all })
	all, lost := 0, 0
	for _, x := range s[:(n+1)/2] {
		all, lost = all+x.all, lost+max(x.lost, 0)
	}
	return float64(lost) / float64(all), true
}

// judge, when there is something new; went and came are bit/s, rate is what
// was allowed so far.
func (l *losses) judge(now int64, rate, went, came float64) {
	share, known := l.share()
	if !known || now-l.at < lossSpan {
		return
	}
	span := min(float64(now-l.at)/1e9, 1)
	l.at = now
	less := went <= 0.93*l.tried.went
	if less {
		l.answer(share)
	}
	switch extra := share - l.own; {
	case extra > lossMuch:
		if l.tried.share == 0 {
			l.tried = trial{share, went, came, l.rate}
		} else if !less {
			return // nothing is known yet
		}
		l.rate = max(min(l.rate, rate, 0.95*came), rate/2)
		l.n, l.open, l.from = 0, lossStep{}, now
	case extra < lossLittle:
		l.own += 0.1 * min(extra, 0)
		faster := 0.25
		if l.limit > 0 && l.rate > lossKnown*l.limit {
			faster = 0.01
		}
		l.rate = max(l.rate*(1+span*faster), throughput*came)
	case l.limit > 0:
		l.rate = min(l.rate, max(lossKnown*l.limit, 0.9*l.rate))
	default:
		l.own += 0.05 * extra
	}
}

// answer of a trial: less was sent, and share was lost.
func (l *losses) answer(share float64) {
	switch t := l.tried; {
	case share-l.own < lossLittle:
		l.limit, l.tried = t.came, trial{} // the line was full
	case share > 0.6*t.share:
		l.own, l.rate, l.limit, l.tried = share, t.before, 0, trial{} // it is the line's own
	}
}
