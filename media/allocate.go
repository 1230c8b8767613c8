package media

// demand is one picture that a receiver could have.
type demand struct {
	priority Priority
	target   int // rank; -1: nothing
	had      grant
	rates    [maxRids]int  // bit/s of each rank; 0: not offered
	layered  [maxRids]bool // has temporal layers
	fell     bool          // the line took a larger one away not long ago
	keeps    bool          // not taken away yet if half of it fits, see keptFor
	granted  grant
	cost     int
}

// option is a way to send a picture, and its cost in bit/s.
type option struct {
	grant
	cost int
}

// Shares of a picture's rate that the lower temporal layers take in percent, as
// browsers divide it in three (L1T3).
const (
	shareOfLowest = 40
	shareOfTwo    = 60
	// dearer makes what a slot does not have now cost more, so that a budget
	// that wavers moves nobody; percent.
	dearer = 110
	// dearest is the same of a size that did not hold: a key frame of it fills
	// the line's queue, and it is gone again.
	dearest = 150
)

// options of a demand, from the cheapest. Temporal layers go first: a picture
// of half the frames before a smaller one; a quarter of the frames only of the
// smallest.
func (d *demand) options(out *[3 * maxRids]option) []option {
	n := 0
	for rank := range d.target + 1 {
		rate := d.rates[rank]
		if rate == 0 {
			continue
		}
		add := func(temporal uint8, percent int) {
			cost := rate / 100 * percent
			switch {
			case n == 0 && d.had.rank < 0: // the least there is comes back as soon as it fits
			case rank > max(d.had.rank, 0) && d.fell:
				cost = cost / 100 * dearest
			case rank > d.had.rank || rank == d.had.rank && temporal > d.had.temporal:
				cost = cost / 100 * dearer
			}
			out[n] = option{grant{rank, temporal}, cost}
			n++
		}
		if d.layered[rank] {
			if n == 0 {
				add(0, shareOfLowest)
			}
			add(1, shareOfTwo)
		}
		add(allTemporal, 100)
	}
	return out[:n]
}

// has is what the picture costs as it flows now.
func (d *demand) has() int {
	var room [3 * maxRids]option
	for _, o := range d.options(&room) {
		if o.grant == d.had {
			return o.cost
		}
	}
	return 0
}

// allocate shares budget (bit/s) among demands in their order, which is that of
// their priority. Those of FirstPriority get the best that fits, one after the
// other; then everybody the smallest, then everybody more. It returns what is
// granted and what all targets together would cost. Pure.
func allocate(budget int, demands []demand) (used, wanted int) {
	left := budget
	var room [3 * maxRids]option
	for i := range demands {
		d := &demands[i]
		d.granted, d.cost = grant{rank: -1}, 0
		if o := d.options(&room); len(o) > 0 {
			wanted += o[len(o)-1].cost
		}
		if d.priority >= FirstPriority {
			left -= d.raise(left, len(room))
		}
	}
	for _, most := range []int{1, len(room)} {
		for i := range demands {
			if d := &demands[i]; d.priority < FirstPriority {
				left -= d.raise(left, most)
			}
		}
	}
	for i := range demands {
		if d := &demands[i]; d.keeps && d.granted.rank < 0 {
			if o := d.options(&room); len(o) > 0 && o[0].cost <= 2*left {
				d.granted, d.cost = o[0].grant, o[0].cost
				left -= d.cost
			}
		}
	}
	return budget - left, wanted
}

// raise grants the best of the first most options that fits, and returns what
// it costs more than before.
func (d *demand) raise(left, most int) int {
	var room [3 * maxRids]option
	before := d.cost
	for i, o := range d.options(&room) {
		if i >= most {
			break
		}
		if o.cost-before <= left && o.cost >= d.cost {
			d.granted, d.cost = o.grant, o.cost
		}
	}
	return d.cost - before
}
