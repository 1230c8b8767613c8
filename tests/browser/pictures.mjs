// The pictures of the README, in Persian and in Azerbaijani: the table of a consultation, with drawn people, and an agreement at the desk. `make pictures`
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIN, OUTPUT, World, atTable, enter, signIn, stats, until } from './lib.mjs'
import { mediaDir } from './media.mjs'

const W = 640
const H = 360

/** Head and shoulders before a plain wall in the light of a window, breathing a little. Y4M, 4:2:0. */
function person(file, { wall, coat, skin, hair, wide }) {
  const out = fs.openSync(file, 'w')
  fs.writeSync(out, `YUV4MPEG2 W${W} H${H} F15:1 Ip A1:1 C420jpeg\n`)
  const frames = 45
  for (let n = 0; n < frames; n++) {
    const sway = 3 * Math.sin((2 * Math.PI * n) / frames)
    const at = (x, y) => {
      const dx = x - W / 2 - sway
      const face = (dx / (52 * wide)) ** 2 + ((y - 140) / 68) ** 2
      const crown = (dx / (60 * wide)) ** 2 + ((y - 125) / 76) ** 2
      const oval = (x0, y0, w, h) => ((dx - x0) / w) ** 2 + ((y - y0) / h) ** 2 < 1
      const shade = (colour, by) => colour.map((c) => c * by)
      if (face < 1 && y > 105) {
        if (oval(-19 * wide, 140, 5, 3.4) || oval(19 * wide, 140, 5, 3.4)) return [40, 34, 32]
        if (oval(-19 * wide, 130, 10, 2) || oval(19 * wide, 130, 10, 2)) return shade(hair, 0.8)
        if (oval(0, 182, 13, 2.2)) return shade(skin, 0.68)
        if (oval(0, 163, 5, 2)) return shade(skin, 0.84)
        return shade(skin, 1.03 - 0.1 * (dx / 60 + 0.5))
      }
      if (crown < 1 && y < 150) return hair
      if (Math.abs(dx) < 26 && y > 190 && y < 232) return skin
      const shoulder = 226 + (dx / 19) ** 2 / 3
      if (y > shoulder && Math.abs(dx) < 190) return Math.abs(dx) < 24 - (y - 226) / 6 ? [225, 225, 220] : coat
      return wall.map((c) => Math.min(255, c * (1.02 - 0.12 * (x / W) - 0.08 * (y / H))))
    }
    const planes = [Buffer.alloc(W * H), Buffer.alloc((W * H) / 4), Buffer.alloc((W * H) / 4)]
    for (let y = 0; y < H; y++) {
      for (let x = 0; x < W; x++) {
        const [r, g, b] = at(x, y)
        planes[0][y * W + x] = 0.299 * r + 0.587 * g + 0.114 * b
        if (y % 2 === 0 && x % 2 === 0) {
          const i = (y / 2) * (W / 2) + x / 2
          planes[1][i] = 128 - 0.169 * r - 0.331 * g + 0.5 * b
          planes[2][i] = 128 + 0.5 * r - 0.419 * g - 0.081 * b
        }
      }
    }
    fs.writeSync(out, 'FRAME\n')
    for (const p of planes) fs.writeSync(out, p)
  }
  fs.closeSync(out)
}

const LOOKS = [
  { wall: [206, 214, 208], coat: [38, 44, 58], skin: [214, 172, 140], hair: [120, 118, 116], wide: 1 },
  { wall: [222, 212, 196], coat: [52, 60, 52], skin: [226, 184, 152], hair: [48, 36, 30], wide: 0.94 },
  { wall: [200, 210, 222], coat: [70, 40, 44], skin: [204, 160, 128], hair: [30, 26, 26], wide: 1.04 },
  { wall: [214, 220, 212], coat: [40, 52, 70], skin: [232, 192, 162], hair: [88, 60, 40], wide: 0.92 },
  { wall: [216, 210, 220], coat: [30, 34, 38], skin: [210, 168, 136], hair: [60, 58, 60], wide: 1 },
  { wall: [204, 220, 222], coat: [84, 76, 62], skin: [222, 178, 146], hair: [36, 30, 28], wide: 0.96 },
  { wall: [224, 214, 206], coat: [44, 48, 66], skin: [216, 174, 144], hair: [140, 136, 132], wide: 1.02 },
]

const world = new World('pictures')
try {
  const dir = mediaDir(OUTPUT)
  const cameras = LOOKS.map((look, i) => {
    const file = path.join(dir, `person-${i}.y4m`)
    person(file, look)
    const ivf = path.join(dir, `person-${i}.ivf`)
    execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', file, '-c:v', 'libvpx', '-b:v', '500k', '-g', '15', ivf])
    return { file, ivf }
  })
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true, held: true })
  const pages = []
  for (const [i, party, language] of [[0, sample.parties[0], 'fa'], [3, sample.parties[1], 'az']]) {
    const page = await world.page(await world.browser({ text: 'This is a voice with all that belongs to a voice, said slowly and clearly, so that it can be checked.', hue: i, args: [`--use-file-for-fake-video-capture=${cameras[i].file}`] }), { language: 'en', width: 1366, height: 768 })
    await enter(page, sample.link(party, 'head'))
    await atTable(page)
    pages.push([page, language])
  }
  const seats = sample.parties.flatMap((p, side) => ['delegate', 'delegate', 'adviser'].map((role, i) => ({ link: sample.link(p, role, role === 'delegate' ? i : 0), look: (side === 0 ? [1, 2, 4] : [5, 6, 2])[i] })))
  const bots = seats.map((s) => spawn(BIN, ['bot', '--link', s.link, '--seconds', '300', '--video', cameras[s.look].ivf], { stdio: 'ignore' }))
  world.onClose(() => Promise.all(bots.map((b) => new Promise((ok) => { b.once('exit', ok); b.kill() }))))
  // The first item of the agenda is being discussed.
  await pages[0][0].locator('header').getByRole('button', { name: 'Agenda' }).click()
  await pages[0][0].getByRole('button', { name: 'Take up' }).first().click()
  await pages[0][0].locator('.strip .item').waitFor()
  await pages[0][0].keyboard.press('Escape')
  const to = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/pictures')
  fs.mkdirSync(to, { recursive: true })
  for (const [page, language] of pages) {
    await until('pictures of everybody', async () => Object.values((await stats(page)).members).filter((m) => m.camera?.framesDecoded > 20).length >= seats.length + 1, 30_000)
    await page.evaluate((l) => localStorage.setItem('language', l), language)
    await page.locator('header button').last().click()
    await page.locator(`.languages button[lang=${language}]`).click()
    await page.keyboard.press('Escape')
    await page.mouse.move(640, 700)
    await page.evaluate(() => document.activeElement?.blur())
    await until('no notice', async () => (await page.locator('.notices > *').count()) === 0, 20_000)
    await until('the layout has come to rest', () => page.evaluate(() => new Promise((ok) => setTimeout(() => ok(true), 3_500))))
    await page.screenshot({ path: path.join(to, `table-${language}.png`) })
  }
  for (const [party, language] of [[sample.parties[0], 'fa'], [sample.parties[1], 'az']]) {
    const page = await world.page(pages[0][0].context().browser(), { language, width: 1366, height: 1210 })
    await signIn(page, sample, party)
    await until('the secretary is signed in', () => page.evaluate(() => fetch('/api/desk').then((r) => r.ok)))
    await page.goto(node.url + '/desk/agreements')
    await page.locator('.cards a').filter({ hasText: /راه‌آهن|dəmir yolu/ }).first().click()
    await page.locator('svg .name').first().waitFor()
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: path.join(to, `agreement-${language}.png`) })
    await page.close()
  }
} finally {
  await world.close()
}
