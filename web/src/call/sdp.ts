// The little that we change in session descriptions. Pure.

/** The offer without our own addresses: the node is reachable and learns ours from the first packet. Saves size and a wait. */
export function withoutCandidates(sdp: string): string {
  return lines(sdp).filter((line) => !line.startsWith('a=candidate:') && line !== 'a=end-of-candidates').join('\r\n')
}

/** The answer with the node's TCP addresses only, to find out whether a line without UDP would do. */
export function tcpOnly(sdp: string): string {
  return lines(sdp).filter((line) => !line.startsWith('a=candidate:') || / tcp /i.test(line)).join('\r\n')
}

export function fingerprint(sdp: string): string {
  return lines(sdp).find((line) => line.startsWith('a=fingerprint:')) ?? ''
}

/** The stream numbers that the node sends to us: it keeps them while it knows this connection, and makes others for another. */
export function sourceNumbers(sdp: string): string {
  return lines(sdp).map((line) => /^a=ssrc:(\d+) /.exec(line)?.[1]).filter((number) => number !== undefined).join()
}

/**
 * What the encoder of the microphone shall do (RFC 7587): mono, repair of losses, and room for a voice that an interpreter
 * works from. The fmtp of the answer is where an encoder reads it; what the node has already said stays.
 */
export function opusWishes(sdp: string): string {
  const all = lines(sdp)
  const types = new Set(all.map((line) => /^a=rtpmap:(\d+) opus\//i.exec(line)?.[1]).filter((type) => type !== undefined))
  return all.map((line) => {
    const [, type, said = ''] = /^a=fmtp:(\d+) (.*)$/.exec(line) ?? []
    if (type === undefined || !types.has(type)) return line
    const parameters = new Map(said.split(';').map((pair) => pair.trim().split('=')).map(([name = '', value = '']) => [name, value]))
    for (const [name, value] of [['useinbandfec', '1'], ['maxaveragebitrate', '64000']] as const) if (!parameters.has(name)) parameters.set(name, value)
    return `a=fmtp:${type} ${[...parameters].map(([name, value]) => `${name}=${value}`).join(';')}`
  }).join('\r\n')
}

/**
 * The answer by which what I send carries copies of what went before (RFC 2198): a browser sends by the format that comes
 * first in an m-line, and no parameter of its sender changes that (Chromium 156).
 */
export function copiesFirst(sdp: string): string {
  return sdp.split(/(?=^m=)/m).map((part) => {
    const copies = /^a=rtpmap:(\d+) red\//im.exec(part)?.[1]
    if (!part.startsWith('m=audio ') || copies === undefined || !/^a=recvonly/m.test(part)) return part
    return part.replace(/^(m=\S+ \S+ \S+) (.*?)(?=\r?$)/m, (_, head: string, types: string) =>
      [head, copies, ...types.split(' ').filter((type) => type !== copies)].join(' '))
  }).join('')
}

/** The answer with no picture in the stream of a sound: a browser that finds them apart does not move the one for the other. */
export function unpaired(sdp: string): string {
  return sdp.split(/(?=^m=)/m).map((part) => part.startsWith('m=video ') ? part.replace(/^a=msid:(?=\S+ )/m, 'a=msid:picture-') : part).join('')
}

/** An answer that agrees nothing but checks, by these credentials, of the addresses that an answer of the node has for UDP. */
export function beaconAnswer(answer: string, user: string, password: string): string {
  const addresses = new Set(lines(answer).filter((line) => /^a=candidate:.* udp /i.test(line)))
  return [
    'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=ice-lite', 'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sctp-port:5000',
    `a=ice-ufrag:${user}`, `a=ice-pwd:${password}`, fingerprint(answer), 'a=setup:passive', ...addresses, 'a=end-of-candidates', '',
  ].join('\r\n')
}

function lines(sdp: string): string[] {
  return sdp.split(/\r?\n/)
}
