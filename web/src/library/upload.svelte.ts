// A file on its way to the node, by the tus protocol: it may be paused, cut, and go on after the page was loaded again.
import { Upload } from 'tus-js-client'
import { Refusal, refusalOf } from '../state/session.ts'

const path = '/api/desk/uploads/'
// On a line of 1 Mbit/s one part takes half a minute; what is lost by a cut is less.
const part = 4 << 20

export class Sending {
  readonly file: File
  state = $state<'sending' | 'paused' | 'cut' | 'here' | 'refused'>('sending')
  sent = $state(0)
  refusal = $state.raw<Refusal>()
  /** The node's name of it, once it has begun. */
  id = $state<string>()

  readonly #upload: Upload
  readonly #life: AbortSignal

  constructor(file: File, life: AbortSignal) {
    this.file = file
    this.#life = life
    this.#upload = new Upload(file, {
      endpoint: path, chunkSize: part, metadata: { filename: file.name }, removeFingerprintOnSuccess: true,
      retryDelays: [500, 1_000, 2_000, 3_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000],
      fingerprint: (of) => Promise.resolve(`astara ${of.name} ${of.size} ${of.lastModified}`),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0
        if (status >= 400 && status < 500 && status !== 409 && status !== 423) return false
        if (this.state === 'sending') this.state = 'cut'
        return true
      },
      onProgress: (sent) => { this.sent = sent; if (this.state === 'cut') this.state = 'sending' },
      onUploadUrlAvailable: () => { this.id = this.#upload.url?.split('/').pop() },
      onSuccess: () => { this.sent = file.size; this.state = 'here' },
      onError: (error) => {
        const answer = 'originalResponse' in error ? error.originalResponse : undefined
        if (!answer) { this.state = 'cut'; this.#later(); return } // there was no line
        this.refusal = refusalOf(answer.getStatus(), answer.getBody())
        this.state = 'refused'
      },
    })
    life.addEventListener('abort', () => void this.#upload.abort(), { once: true })
    addEventListener('online', () => { if (this.state === 'cut') this.#again() }, { signal: life })
    void this.#begin()
  }

  pause(): void {
    this.state = 'paused'
    void this.#upload.abort()
  }

  resume(): void {
    this.#again()
  }

  #again(): void {
    this.state = 'sending'
    this.#upload.start()
  }

  #later(): void {
    setTimeout(() => { if (!this.#life.aborted && this.state === 'cut') this.#again() }, 5_000)
  }

  /** From where an earlier page of this browser came to, with the same file. */
  async #begin(): Promise<void> {
    const [earlier] = await this.#upload.findPreviousUploads()
    if (earlier) this.#upload.resumeFromPreviousUpload(earlier)
    this.#upload.start()
  }
}

export async function discard(id: string): Promise<void> {
  await fetch(path + encodeURIComponent(id), { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' }, credentials: 'same-origin' }).catch(() => undefined)
}
