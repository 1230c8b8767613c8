import { expect, test } from 'vitest'
import type { Codec } from '../protocol.ts'
import { choose, chooseForScreen, formsOf, pictureCodecs } from './codecs.ts'
import { encodingsOf } from './encodings.ts'

const all: readonly Codec[] = ['vp8', 'vp9', 'av1', 'h264']

test.each([
  ['a machine without hardware', all, [], false, undefined, 'vp8'],
  ['hardware for everything', all, all, false, undefined, 'av1'],
  ['hardware for VP9', all, ['vp9', 'h264'], false, undefined, 'vp9'],
  ['a receiver who lacks AV1', ['vp8', 'vp9'], all, false, undefined, 'vp9'],
  ['only H.264 in hardware, and the processor keeps up', all, ['h264'], false, undefined, 'vp8'],
  ['only H.264 in hardware, and the processor does not', all, ['h264'], true, undefined, 'h264'],
  ['VP8 in hardware too', all, ['vp8', 'h264'], true, undefined, 'vp8'],
  ['Firefox among the receivers of a tired machine', ['vp8', 'vp9', 'av1'], ['h264'], true, undefined, 'vp8'],
  ['a wish', all, [], false, 'av1', 'av1'],
  ['a wish that a receiver lacks', ['vp8'], all, false, 'av1', 'vp8'],
  ['nobody has anything in common', [], all, true, 'vp9', 'vp8'],
] as const)('%s', (_, receivers, hardware, tired, wish, want) => {
  expect(choose(receivers, { hardware: new Set<Codec>(hardware), tired }, wish)).toBe(want)
})

const head = encodingsOf('camera', 'head')

test.each([
  ['three layers', 'vp9', 720, undefined, [[true, 1, 'L3T3_KEY', 2_350_000], [false], [false]]],
  ['the largest alone brings those below it', 'av1', 720, [2], [[true, 1, 'L3T3_KEY', 2_350_000], [false], [false]]],
  ['two of three', 'vp9', 720, [0, 1], [[true, 2, 'L2T3_KEY', 650_000], [false], [false]]],
  ['the smallest', 'vp9', 720, [0], [[true, 4, 'L1T3', 150_000], [false], [false]]],
  ['a camera of 360 lines', 'vp9', 360, undefined, [[true, 1, 'L2T3_KEY', 650_000], [false], [false]]],
  ['nobody watches', 'av1', 720, [], [[false], [false], [false]]],
  ['H.264 has the largest alone', 'h264', 720, [0, 1], [[false], [true, 2, 'L1T1', 500_000], [false]]],
  ['VP8 has all', 'vp8', 720, [0, 2], [[true, 4, 'L1T3', 150_000], [false], [true, 1, 'L1T3', 1_700_000]]],
] as const)('%s', (_, codec, lines, wanted, want) => {
  expect(formsOf(codec, head, lines, wanted).map((one) => one.active ? [true, one.scaleResolutionDownBy, one.scalabilityMode, one.maxBitrate] : [false])).toEqual(want)
})

test('one of each codec is offered, VP8 first', () => {
  const of = (mimeType: string, sdpFmtpLine?: string) => sdpFmtpLine === undefined ? { mimeType } : { mimeType, sdpFmtpLine }
  const chromium = [
    of('video/VP8'), of('video/rtx'), of('video/VP9', 'profile-id=0'), of('video/VP9', 'profile-id=2'),
    of('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f'),
    of('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
    of('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
    of('video/AV1', 'level-idx=5;profile=0;tier=0'), of('video/AV1', 'level-idx=5;profile=1;tier=0'), of('video/red'), of('video/ulpfec'),
  ]
  expect(pictureCodecs(chromium)).toEqual([chromium[0], chromium[2], chromium[7], chromium[6], chromium[1]])
  expect(pictureCodecs([of('video/VP9', 'max-fs=12288;max-fr=60'), of('video/VP8', 'max-fs=12288;max-fr=60')]).map((one) => one.mimeType)).toEqual(['video/VP8', 'video/VP9'])
})

test('a screen is in what is made for text, where everybody has it', () => {
  expect(chooseForScreen(['vp8', 'vp9', 'av1', 'h264'], false)).toBe('av1')
  expect(chooseForScreen(['vp8', 'vp9'], false)).toBe('vp9')
  expect(chooseForScreen(['vp8', 'h264'], false)).toBe('vp8') // somebody records, or has nothing else
  expect(chooseForScreen(['vp8', 'av1'], true)).toBe('vp8')
})
