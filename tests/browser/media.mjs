// Cameras and microphones for the stories, as files: a moving picture (Y4M) and speech with a tone under it (WAV).
// Each delegation's tone is its own, so that an FFT of what a browser plays tells who is heard. Two stories may make the same file at once: each under a
// name of its own, and it has its proper name when it is whole.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const RATE = 48000

/** A moving picture in 4:2:0; hue tells one person from another. Chromium plays the file in a loop. */
export function camera(file, { width = 640, height = 360, fps = 30, seconds = 3, hue = 0 } = {}) {
  if (fs.existsSync(file)) return file
  const part = `${file}.${process.pid}.part`
  const out = fs.openSync(part, 'w')
  fs.writeSync(out, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`)
  const y = Buffer.alloc(width * height)
  const u = Buffer.alloc((width * height) / 4, 128 + Math.round(60 * Math.cos(hue)))
  const v = Buffer.alloc((width * height) / 4, 128 + Math.round(60 * Math.sin(hue)))
  const frames = fps * seconds
  for (let n = 0; n < frames; n++) {
    const phase = (2 * Math.PI * n) / frames
    const across = Float64Array.from({ length: width }, (_, c) => 96 + 40 * Math.sin(c / 40 + phase * 3))
    for (let r = 0; r < height; r++) {
      const down = 40 * Math.sin(r / 30 - phase * 2)
      for (let c = 0; c < width; c++) y[r * width + c] = across[c] + down
    }
    const size = Math.round(height / 5)
    const x0 = Math.round((width - size) * (0.5 + 0.5 * Math.sin(phase)))
    const y0 = Math.round((height - size) * (0.5 + 0.5 * Math.cos(phase)))
    for (let r = y0; r < y0 + size; r++) y.fill(235, r * width + x0, r * width + x0 + size)
    fs.writeSync(out, 'FRAME\n')
    for (const plane of [y, u, v]) fs.writeSync(out, plane)
  }
  fs.closeSync(out)
  fs.renameSync(part, file)
  return file
}

/** Speech by espeak-ng over a steady tone; hz 0 is speech alone, text '' the tone alone. `edges` are tones 16 dB below it. */
export function voice(file, { hz = 0, edges = [], text = '', language = 'en', seconds = 8, level = 0.2 } = {}) {
  if (fs.existsSync(file)) return file
  const samples = new Float32Array(RATE * seconds)
  if (hz) for (let i = 0; i < samples.length; i++) samples[i] = level * Math.sin((2 * Math.PI * hz * i) / RATE)
  for (const edge of edges) for (let i = 0; i < samples.length; i++) samples[i] += level * 10 ** (-16 / 20) * Math.sin((2 * Math.PI * edge * i) / RATE)
  if (text) {
    const said = speech(text, language)
    for (let i = 0; i < samples.length && i < said.length; i++) samples[i] += 0.6 * said[i]
  }
  whole(file, wav(samples))
  return file
}

/** A short tone each 800 ms, at once and with silence between: what a delay is measured by. */
export function beats(file, { hz, seconds = 8, each = 0.8, lasts = 0.12, level = 0.3 }) {
  if (fs.existsSync(file)) return file
  const samples = new Float32Array(RATE * seconds)
  for (let i = 0; i < samples.length; i++) {
    const at = (i / RATE) % each
    const edge = Math.min(1, at / 0.002, Math.max(0, lasts - at) / 0.002)
    samples[i] = level * edge * Math.sin((2 * Math.PI * hz * i) / RATE)
  }
  whole(file, wav(samples))
  return file
}

/**
 * A steady tone in Opus, for a bot; at -24 dBFS, which the client's evening out of loudness leaves as it is. Long, since a loop's seam clicks;
 * and with little of the encoder's trouble, which a tone does not need: it comes out within 0.02 dB of the same.
 */
export function opusTone(file, { hz, seconds = 240 }) {
  if (fs.existsSync(file)) return file
  const part = `${file}.${process.pid}.part`
  const level = 10 ** (-24 / 20) * Math.SQRT2 * 8 // of ffmpeg's sine, which has an eighth of full scale
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `sine=frequency=${hz}:sample_rate=${RATE}:duration=${seconds}`,
    '-af', `volume=${level}`, '-ac', '1', '-c:a', 'libopus', '-b:a', '64k', '-compression_level', '1', '-application', 'audio', '-f', 'ogg', part])
  fs.renameSync(part, file)
  return file
}

/** The picture that a bot sends of itself, with fewer frames a second. */
export function slower(file, { fps }) {
  const own = fileURLToPath(new URL('../../cmd/astara/clip/picture.ivf', import.meta.url))
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', own, '-r', String(fps), '-c:v', 'libvpx', '-b:v', '200k', '-g', String(fps), file])
  return file
}

function whole(file, data) {
  const part = `${file}.${process.pid}.part`
  fs.writeFileSync(part, data)
  fs.renameSync(part, file)
}

function speech(text, language) {
  const b = execFileSync('espeak-ng', ['-v', language, '--stdout', text], { maxBuffer: 64 << 20 })
  const rate = b.readUInt32LE(24)
  const at = b.indexOf('data') + 8
  const n = Math.floor((b.length - at) / 2)
  const out = new Float32Array(Math.floor((n * RATE) / rate))
  for (let i = 0; i < out.length; i++) {
    const x = (i * rate) / RATE
    const k = Math.floor(x)
    const a = b.readInt16LE(at + 2 * Math.min(k, n - 1))
    const c = b.readInt16LE(at + 2 * Math.min(k + 1, n - 1))
    out[i] = (a + (c - a) * (x - k)) / 32768
  }
  return out
}

function wav(samples) {
  const b = Buffer.alloc(44 + samples.length * 2)
  b.write('RIFF', 0)
  b.writeUInt32LE(36 + samples.length * 2, 4)
  b.write('WAVEfmt ', 8)
  b.writeUInt32LE(16, 16)
  b.writeUInt16LE(1, 20)
  b.writeUInt16LE(1, 22)
  b.writeUInt32LE(RATE, 24)
  b.writeUInt32LE(RATE * 2, 28)
  b.writeUInt16LE(2, 32)
  b.writeUInt16LE(16, 34)
  b.write('data', 36)
  b.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((s, i) => b.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, s))), 44 + 2 * i))
  return b
}

/** Where the files of this machine are kept between runs. */
export function mediaDir(output) {
  const dir = path.join(output, 'media')
  fs.mkdirSync(dir, { recursive: true })
  return dir
}
