// By which way sound and picture come: straight from the node by UDP, or by TCP or a relay.

/** By UDP and no relay, by a connection's statistics, in which Firefox marks the pair of addresses that is in use. Pure. */
export function straight(stats: Iterable<RTCStats>): boolean {
  const all = new Map<string, Counted>()
  for (const one of stats) all.set(one.id, one)
  for (const pair of all.values()) {
    if (pair.type !== 'candidate-pair' || !pair.selected || pair.state !== 'succeeded') continue
    return all.get(pair.remoteCandidateId ?? '')?.protocol === 'udp' && all.get(pair.localCandidateId ?? '')?.candidateType !== 'relay'
  }
  return false
}

interface Counted extends RTCStats {
  selected?: boolean
  state?: string
  localCandidateId?: string
  remoteCandidateId?: string
  protocol?: string
  candidateType?: string
}

/** The pair in use, where a browser tells it (Chromium); undefined: ask its statistics. */
export function told(pc: RTCPeerConnection): boolean | undefined {
  const way: Partial<RTCIceTransport> | undefined = pc.getTransceivers()[0]?.receiver.transport?.iceTransport
  if (!way?.getSelectedCandidatePair) return undefined
  const pair = way.getSelectedCandidatePair()
  return pair?.remote.protocol === 'udp' && pair.local.type !== 'relay'
}
