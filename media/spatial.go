package media

// One SSRC may carry several sizes of a picture, each a spatial layer (VP9, AV1):
// the lowest has the layer's own rank, each next the rank above. In the form that
// browsers send (L3T3_KEY) an upper layer needs the lower ones at key pictures
// only, so a slot changes its spatial layer there, and in between gets packets of
// one layer alone.

// spatials is what a layer knows of its spatial layers.
type spatials struct {
	known   *structure // of the dependency descriptor; nil: none came
	spare   *structure // room for the next one
	since   uint64     // index that known came with
	read    dependency // room for the descriptor of a packet
	flowing uint8      // spatial layers that flow, at least 1
	changed bool       // flowing did, since the track was spread
	seen    [maxSpatial]int64
	weight  [maxSpatial]int // bytes since the last second, of all that a size needs
	steady  [maxSpatial]int // bit/s, slow to fall; 0: never measured
}

// most is how many spatial layers count: ranks end somewhere.
func (l *layer) most() uint8 { return uint8(min(maxSpatial, maxRids-l.rank)) }

// place finds a picture's packet its place among the layers: by the dependency
// descriptor, or else by what its codec writes before the payload.
func (l *layer) place(k *packet, now int64) {
	readable := k.desc.parse(k.codec, k.data)
	if len(k.dd) == 0 || !l.depend(k, now) {
		k.uses = everywhere
		if readable {
			k.key, k.sync, k.ends = k.desc.keyFrame, k.desc.sync, k.desc.ends
			k.spatial, k.temporal, k.uses = k.desc.spatial, k.desc.temporal, k.desc.uses(k.codec)
			if k.desc.spatials > 0 && !k.late {
				l.flows(k.desc.spatials, now)
			}
		}
	}
	l.layered = l.layered || k.temporal > 0
	l.weigh(k, now)
}

// depend reads the dependency descriptor; false when it cannot be read, because
// its templates came with a packet that is missing, say.
func (l *layer) depend(k *packet, now int64) bool {
	if l.spare == nil {
		l.known, l.spare = nil, &structure{}
	}
	d := &l.read
	if !d.parse(k.dd, l.known, l.spare) {
		return false
	}
	if d.fresh && (l.known == nil || k.index >= l.since) {
		old := l.known
		if old == nil {
			old = &structure{}
		}
		l.known, l.spare, l.since = l.spare, old, k.index
		l.flows(l.known.reaches(d.active), now)
	} else if d.masked && !d.fresh && !k.late {
		l.flows(l.known.reaches(d.active), now)
	}
	k.key, k.ends = d.fresh, d.ends
	k.spatial, k.temporal, k.uses, k.maskAt = d.spatial, d.temporal, d.uses, d.maskAt
	return true
}

// flows notes how many spatial layers flow from now on.
func (l *layer) flows(n uint8, now int64) {
	n = max(min(n, l.most()), 1)
	if n != l.flowing {
		l.flowing, l.changed = n, true
	}
	for i := range n {
		l.seen[i] = now
	}
}

// weigh counts a packet for every size that needs it.
func (l *layer) weigh(k *packet, now int64) {
	if !k.late && k.spatial < l.most() {
		l.seen[k.spatial] = now
		if k.spatial >= l.flowing {
			l.flowing, l.changed = k.spatial+1, true
		}
	}
	for i := range l.flowing {
		if k.uses.at(i, allTemporal) != unused {
			l.weight[i] += len(k.data)
		}
	}
}

// ebb notes upper spatial layers that stopped without a word.
func (l *layer) ebb(now int64) {
	for l.flowing > 1 && now-l.seen[l.flowing-1] > silentLayer {
		l.flowing--
		l.changed = true
	}
}

// serves is the rank that a slot gets of l for a grant of rank.
func (l *layer) serves(rank int) int {
	return min(max(rank, l.rank), l.rank+int(l.flowing)-1)
}

// covers says that l has a rank, now.
func (l *layer) covers(rank int) bool { return l.serves(rank) == rank }

// settle measures the last second by sizes.
func (l *layer) settle() {
	for i := range l.weight {
		if rate := l.weight[i] * 8; l.live && i < int(l.flowing) {
			l.steady[i] = max(rate, l.steady[i]-l.steady[i]/5)
		}
		l.weight[i] = 0
	}
}
