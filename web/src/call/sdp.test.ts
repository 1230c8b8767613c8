import { expect, test } from 'vitest'
import { beaconAnswer, copiesFirst, fingerprint, opusWishes, sourceNumbers, tcpOnly, unpaired, withoutCandidates } from './sdp.ts'

const answer = [
  'v=0', 'o=- 4711 2 IN IP4 127.0.0.1', 's=-', 'a=fingerprint:sha-256 AA:BB', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=0', 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111',
  'a=candidate:1 1 udp 2130706431 10.0.0.1 8443 typ host', 'a=candidate:2 1 tcp 1671430143 10.0.0.1 8443 typ host tcptype passive', 'a=end-of-candidates', 'a=ssrc:4711 cname:s0', 'a=ssrc:4712 cname:s0', '',
].join('\r\n')

test('candidates', () => {
  expect(withoutCandidates(answer)).not.toContain('candidate')
  expect(tcpOnly(answer)).not.toContain(' udp ')
  expect(tcpOnly(answer)).toContain('tcptype passive')
  expect(tcpOnly(answer).endsWith('\r\n')).toBe(true)
})

test('pictures in streams of their own', () => {
  const both = ['v=0', 'm=audio 9 x 111', 'a=msid:s3 a3', 'm=video 9 x 96', 'a=msid:s3 v3', 'm=video 9 x 96', 'a=recvonly', ''].join('\r\n')
  expect(unpaired(both).split('\r\n').filter((line) => line.startsWith('a=msid:'))).toEqual(['a=msid:s3 a3', 'a=msid:picture-s3 v3'])
  expect(unpaired(both).length).toBe(both.length + 'picture-'.length)
})

test('an answer by which nothing but checks are agreed', () => {
  const said = beaconAnswer(answer + answer, 'user', 'a-password').split('\r\n')
  expect(said.filter((line) => line.startsWith('a=candidate'))).toEqual(['a=candidate:1 1 udp 2130706431 10.0.0.1 8443 typ host'])
  expect(said).toContain('a=fingerprint:sha-256 AA:BB')
  expect(said).toContain('a=ice-ufrag:user')
  expect(said.filter((line) => line.startsWith('m='))).toHaveLength(1)
})

test('who answered', () => {
  expect(fingerprint(answer)).toBe('a=fingerprint:sha-256 AA:BB')
  expect(sourceNumbers(answer)).toBe('4711,4712')
  expect([fingerprint(''), sourceNumbers('')]).toEqual(['', ''])
})

test('wishes for the voice are added, what the node said stays', () => {
  const lines = opusWishes(answer).split('\r\n')
  expect(lines).toContain('a=fmtp:111 minptime=10;useinbandfec=0;maxaveragebitrate=64000')
  expect(lines).toContain('a=fmtp:63 111/111')
})

test('copies first only in what I send', () => {
  const part = (direction: string, types: string) => ['m=audio 9 UDP/TLS/RTP/SAVPF ' + types, 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:63 red/48000/2', 'a=' + direction, ''].join('\r\n')
  const sdp = 'v=0\r\n' + part('recvonly', '111 63') + part('sendonly', '111 63') + 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n'
  expect(copiesFirst(sdp)).toBe(sdp.replace('111 63', '63 111'))
  expect(copiesFirst(copiesFirst(sdp))).toBe(copiesFirst(sdp))
  const plain = sdp.replaceAll('red/', 'other/')
  expect(copiesFirst(plain)).toBe(plain)
})
