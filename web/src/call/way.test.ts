import { expect, test } from 'vitest'
import { straight } from './way.ts'

// As Firefox tells it.
const stats = (remote: object, local: object, pair: object = {}): RTCStats[] => [
  { id: 'p0', type: 'candidate-pair', timestamp: 1, selected: false, state: 'failed', localCandidateId: 'other', remoteCandidateId: 'r' },
  { id: 'p1', type: 'candidate-pair', timestamp: 1, selected: true, state: 'succeeded', localCandidateId: 'l', remoteCandidateId: 'r', ...pair },
  { id: 'l', type: 'local-candidate', timestamp: 1, candidateType: 'host', ...local },
  { id: 'r', type: 'remote-candidate', timestamp: 1, candidateType: 'host', ...remote },
] as unknown as RTCStats[]

test.each([
  ['by UDP', stats({ protocol: 'udp' }, { protocol: 'udp' }), true],
  ['by TCP', stats({ protocol: 'tcp' }, { protocol: 'tcp' }), false],
  ['by a relay', stats({ protocol: 'udp' }, { protocol: 'udp', candidateType: 'relay', relayProtocol: 'tls' }), false],
  ['of a pair that is not in use', stats({ protocol: 'udp' }, { protocol: 'udp' }, { selected: false }), false],
  ['of nothing', [], false],
])('the way of packets %s', (_, given, is) => { expect(straight(given)).toBe(is) })
