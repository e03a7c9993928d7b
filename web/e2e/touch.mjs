// Every type of question answered by fingers alone, on a phone: taps, strokes, slides, two fingers, and the way down a long page.
import { cases, passage, placer, sound } from './types.mjs'

const near = (got, want, by = 1) => Math.abs(got - want) <= by
const all = (got, want, by) => got?.length === want.length && want.every((n, i) => near(got[i], n, by))

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2]

/** How many pixels of a class are painted, and whether the one at x and y is: runs go down one column after the other. */
function painted({ counts }, { height }) {
  const edges = counts.map(((sum) => (n) => (sum += n))(0))
  return { pixels: counts.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0), at: (x, y) => edges.findIndex((edge) => edge > x * height + y) % 2 === 1 }
}

/**
 * What is asked, what a person does about it with their fingers, and what must arrive: a choice, or a value, to the pixel where it is
 * drawn.
 */
function touches({ image, street, sound: clip }) {
  const ask = Object.fromEntries(cases({ image, street, sound: clip }).map((c) => [c.name, c.ask]))
  const long = Array.from({ length: 12 }, (_, i) => `Task ${i + 1}`)
  return [
    { name: 'yes_no', ask: ask.yes_no, by: ({ tap }) => tap('No'), choice: 1 },
    { name: 'cannot-tell', ask: ask['cannot-tell'], by: ({ tap }) => tap('Can’t tell'), choice: -1 },
    {
      name: 'choice', ask: { type: 'choice', text: 'What happened to this roof?', choices: ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'], image: image.hash },
      by: async ({ page, fingers, tap, checks, person }) => {
        const [x, y] = middle(await page.locator('.media img').boundingBox())
        const two = [[x - 20, y], [x + 20, y]]
        await fingers.pinch(two, two)
        const large = page.locator('.pan img')
        await large.waitFor()
        const width = async () => (await large.boundingBox()).width
        const whole = await width()
        await fingers.pinch([[150, 300], [240, 300]], [[105, 300], [285, 300]])
        await checks.becomes(async () => near((await width()) / whole, 2, 0.05) || (await width()) / whole, true, 'two fingers twice as far apart make a picture twice as large')
        const from = await large.boundingBox()
        await fingers.drag([200, 400], [170, 340])
        await checks.becomes(async () => JSON.stringify(await large.boundingBox().then((b) => [b.x - from.x, b.y - from.y].map(Math.round))), '[-30,-60]', 'how far one finger moves the picture')
        await person.shot('touch-choice-zoomed')
        await fingers.tap([200, 300])
        await fingers.tap([200, 300])
        await checks.becomes(width, whole, 'the width after a double tap')
        await tap('Close')
        await tap('Water damage')
      },
      choice: 2,
    },
    { name: 'choice-images', ask: ask['choice-images'], by: ({ page, tapOn }) => tapOn(page.locator('.pictured > div').nth(2).locator('img')), choice: 2 },
    { name: 'scale', ask: ask.scale, by: ({ tap }) => tap('6'), choice: 5 },
    { name: 'scale-words', ask: ask['scale-words'], by: ({ tap }) => tap('Badly'), choice: 2 },
    { name: 'scale-long', ask: ask['scale-long'], by: async ({ slide, tap }) => (await slide('Scale', 0.5, 0.8), await tap('Send 80 %')), choice: 8 },
    { name: 'pair', ask: ask.pair, by: ({ page, tapOn }) => tapOn(page.locator('.pairs img').nth(1)), choice: 1 },
    { name: 'pair-text', ask: ask['pair-text'], by: ({ page, tapOn }) => tapOn(page.locator('.answer').first()), choice: 0 },
    {
      name: 'multiple', ask: { ...ask.multiple, choices: [...ask.multiple.choices, ...long], most: undefined },
      by: async ({ page, fingers, tap, checks }) => {
        // The way down goes over the choices, and takes none of them.
        const [x, y] = middle(await page.getByRole('button', { name: 'A tree' }).boundingBox())
        await fingers.drag([x, y], [x, y - 300])
        await checks.becomes(() => page.evaluate(() => scrollY > 200), true, 'a finger on a choice scrolls the page')
        checks.equal(await page.locator('[aria-pressed="true"]').count(), 0, 'choices taken on the way')
        for (const name of ['Task 12', 'A tree', 'A roof', 'A tree']) await tap(name)
        await tap('Send 2 of 17')
      },
      value: [0, 16],
    },
    { name: 'multiple-few', ask: ask['multiple-few'], by: async ({ tap }) => (await tap('Pear'), await tap('Apple'), await tap('Send 2 of 4')), value: [0, 2] },
    {
      name: 'number', ask: ask.number,
      by: async ({ page, fingers, tap, checks }) => {
        const field = page.getByRole('spinbutton')
        const value = async () => Number(await field.inputValue())
        for (const [press, then] of [['More', '20'], ['More', '20.5'], ['Less', '20'], ['Less', '19.5']]) {
          await tap(press)
          await checks.becomes(() => field.inputValue(), then, `the number after a tap on ${press}`)
        }
        // A finger that stays goes on.
        await fingers.down(middle(await page.getByRole('button', { name: 'More' }).boundingBox()))
        await checks.becomes(async () => (await value()) > 24, true, 'the number while a finger is held')
        await fingers.up()
        const held = await value()
        await tap('Less')
        await checks.becomes(value, held - 0.5, 'the number after it was lifted')
        await field.tap()
        await field.press('ControlOrMeta+a')
        await page.keyboard.insertText('12,5') // as a phone's own keyboard writes
        await tap('Send 12.5 kg')
      },
      value: '12.5',
    },
    {
      name: 'text', ask: ask.text,
      by: async ({ page, tap }) => {
        await page.getByLabel('Your answer').tap()
        await page.keyboard.insertText('Mind the 🐕')
        await tap('Send')
      },
      value: 'Mind the 🐕',
    },
    {
      name: 'ranking', ask: ask.ranking,
      by: async ({ page, fingers, tap, person }) => {
        const handle = async (name) => middle(await page.getByRole('button', { name: new RegExp(`^${name}, place`) }).boundingBox())
        const [from, to] = [await handle('Water in the cellar'), await handle('Missing tiles')]
        await fingers.down(from)
        await fingers.glide([from], [[to[0], to[1] - 10]])
        await page.locator('.ranks > .lifted').waitFor()
        await person.shot('touch-ranking-dragged')
        await fingers.up()
        await tap('A loose gutter: up')
        await tap('Send this order')
      },
      value: [2, 0, 3, 1],
    },
    {
      name: 'ranking-long', ask: { type: 'ranking', text: 'In which order shall we do these?', choices: long },
      by: async ({ page, fingers, tap, checks }) => {
        // Beside its handle a row is the page, and scrolls.
        const row = await page.locator('.ranks > li').nth(5).boundingBox()
        await fingers.drag([row.x + 60, row.y + 30], [row.x + 60, row.y - 370])
        await checks.becomes(() => page.evaluate(() => scrollY > 100), true, 'a finger on a row scrolls the page')
        await page.evaluate(() => scrollTo(0, 0))
        // By its handle the first goes last: the page comes along while the finger waits at the edge.
        const first = page.getByRole('button', { name: /^Task 1, place/ })
        const from = middle(await first.boundingBox())
        await fingers.down(from)
        const edge = [from[0], (await page.locator('.thumb').boundingBox()).y - 10]
        await fingers.glide([from], [edge])
        await checks.becomes(() => page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1), true, 'the page comes along to its end')
        await fingers.up()
        await page.getByRole('button', { name: 'Task 1, place 12 of 12' }).waitFor()
        await tap('Send this order')
      },
      value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0],
    },
    {
      name: 'boxes', ask: ask.boxes,
      by: async ({ page, fingers, at, tap }) => {
        await fingers.drag(at(190, 520), at(290, 610))
        await page.locator('.region.chosen').waitFor()
        await tap('door') // the selected one becomes a door
        await fingers.tap(at(600, 60)) // beside it: nothing is selected
        await page.locator('.region.chosen').waitFor({ state: 'detached' })
        await fingers.tap(at(430, 540)) // two corners
        await page.locator('.firstcorner').waitFor()
        await fingers.tap(at(520, 720))
        await page.locator('.region.chosen').waitFor()
        await tap('window')
        await fingers.drag(at(520, 720), at(560, 780)) // a corner by its handle
        await fingers.drag(at(470, 640), at(460, 600)) // the whole by its middle
        await tap('Send 2 boxes')
      },
      fits: ({ value: [a, b] = [] }) => a?.class === 1 && b?.class === 0 && all([a.x, a.y, a.w, a.h, b.x, b.y, b.w, b.h], [190, 520, 100, 90, 420, 500, 130, 240], 2),
    },
    {
      name: 'boxes-zoomed', ask: { ...ask.boxes, choices: ['window'] },
      by: async ({ page, fingers, person, checks, image: picture, at, scale, tap }) => {
        const [x, y] = at(350, 450)
        await fingers.pinch([[x - 40, y], [x + 40, y]], [[x - 80, y], [x + 80, y]])
        await page.getByRole('button', { name: 'Smaller' }).and(page.locator(':enabled')).waitFor()
        const large = await page.locator('.surface img').boundingBox()
        checks.ok(near(large.width / (picture.width * scale), 2, 0.02), `two fingers twice as far apart make it ${large.width / (picture.width * scale)} times as large`)
        const closer = (px, py) => [large.x + (px / picture.width) * large.width, large.y + (py / picture.height) * large.height]
        await fingers.drag(closer(330, 430), closer(371, 452))
        await page.locator('.region.chosen').waitFor()
        await person.shot('touch-boxes-zoomed')
        await tap('Send box')
      },
      fits: ({ value: [a, ...more] = [] }) => more.length === 0 && a?.class === 0 && all([a.x, a.y, a.w, a.h], [330, 430, 41, 22], 2),
    },
    {
      name: 'polygons', ask: ask.polygons,
      by: async ({ page, fingers, at, tap, person }) => {
        for (const [i, corner] of [[200, 280], [500, 280], [600, 460], [340, 200], [90, 460]].entries()) {
          await fingers.tap(at(...corner))
          if (i === 3) await tap('Undo the last step') // a slip
        }
        await person.shot('touch-polygons-open')
        await fingers.tap(at(206, 286)) // closes at the first
        await page.getByRole('button', { name: 'Send outline' }).waitFor()
        await fingers.drag(at(600, 460), at(630, 500))
        await tap('Send outline')
      },
      fits: ({ value: [p, ...more] = [] }) => more.length === 0 && p?.class === 0 && all(p.points, [200, 280, 500, 280, 630, 500, 90, 460], 2),
    },
    {
      name: 'mask', ask: ask.mask,
      by: async ({ fingers, at, tap, slide, person }) => {
        await fingers.drag(at(150, 500), at(550, 500), at(550, 600))
        await tap('grass')
        await slide('Brush', (28 - 6) / (96 - 6), (51 - 6) / (96 - 6))
        await fingers.drag(at(60, 800), at(640, 800))
        await tap('Eraser')
        await fingers.drag(at(350, 740), at(350, 860))
        await tap('Eraser')
        await fingers.drag(at(400, 100), at(500, 100))
        await tap('Undo the last stroke')
        await person.shot('touch-mask-painted')
        await tap('Send the paint')
      },
      fits: ({ value = [] }, { scale }) => {
        const [wall, grass] = value.map((m) => painted(m, image))
        const [thin, thick] = [14 / scale, 25.5 / scale]
        const area = (length, radius) => length * 2 * radius + Math.PI * radius ** 2
        return (
          value.map((m) => m.class).join() === '0,1' &&
          // A stroke of 400 and one of 100 that begins where it ends, at a right angle.
          near(wall.pixels / (area(400, thin) + 100 * 2 * thin - thin ** 2 * (2 - Math.PI / 2)), 1, 0.03) && wall.at(350, 500) && wall.at(550, 590) && !wall.at(350, 560) && !wall.at(450, 100) &&
          near(grass.pixels / (area(580, thick) - 4 * thick ** 2), 1, 0.05) && grass.at(100, 800) && !grass.at(350, 800)
        )
      },
    },
    {
      name: 'mask-pinched', ask: { ...ask.mask, choices: ['wall'] },
      by: async ({ page, fingers, at, tap }) => {
        await fingers.drag(at(150, 500), at(350, 500))
        const [x, y] = at(350, 450)
        // Two fingers paint nothing, nor does the one that is lifted last.
        await fingers.down([x - 40, y])
        await fingers.down([x - 40, y], [x + 40, y])
        await fingers.glide([[x - 40, y], [x + 40, y]], [[x - 80, y], [x + 80, y]])
        await fingers.glide([[x - 80, y]], [[x - 20, y + 60]])
        await fingers.up()
        await page.getByRole('button', { name: 'Smaller' }).and(page.locator(':enabled')).waitFor()
        await tap('Move the picture')
        await fingers.drag([x, y], [x - 50, y - 50]) // the hand moves it
        await tap('Move the picture')
        await tap('Send the paint')
      },
      fits: ({ value = [] }, { scale }) => value.length === 1 && near(painted(value[0], image).pixels / ((200 * 28) / scale + Math.PI * (14 / scale) ** 2), 1, 0.03),
    },
    {
      name: 'spans', ask: ask.spans,
      by: async ({ page, tap, tapOn, person }) => {
        const word = (text) => tapOn(page.locator('.passage-marks span', { hasText: new RegExp(`^${text}$`) }).first())
        await word('Ada')
        await word('Lovelace')
        await person.shot('touch-spans-selected')
        await tap('person')
        await word('1843')
        await tap('place') // a slip
        await tap('Remove place: 1843')
        await word('London')
        await tap('place')
        await word('Somerville') // from its last word to its first, across an emoji before it
        await word('Mary')
        await tap('person')
        await tap('Send 3 marks')
      },
      value: ['Ada Lovelace', 'London', 'Mary Somerville'].map((text) => {
        const start = [...passage.slice(0, passage.indexOf(text))].length
        return { class: text === 'London' ? 1 : 0, end: start + text.length, start }
      }),
    },
    {
      name: 'audio', ask: ask.audio,
      by: async ({ page, slide, tap, checks }) => {
        await tap('Play')
        await page.waitForFunction(() => document.querySelector('audio').currentTime > 0.1)
        await tap('Pause')
        await page.getByRole('button', { name: 'Play' }).waitFor()
        const at = () => page.evaluate(() => document.querySelector('audio').currentTime)
        await slide('Position', (await at()) / 30, 0.5)
        await checks.becomes(async () => near(await at(), 15, 0.5) || (await at()), true, 'where in the clip a finger has slid to')
        await tap('It falls')
      },
      choice: 1,
    },
    { name: 'passage', ask: ask.passage, by: ({ tap }) => tap('Yes'), choice: 0 },
  ]
}

/** A phone: its browser has touch alone, and pages are as wide as it. */
const phone = { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

export async function touchSteps({ checks, server, open, base, image, street }) {
  const clear = () => {
    for (const q of server.world.questions.values()) if (q.status === 'open') server.close(q, 'cancelled')
  }
  const start = async (name, asks) => {
    clear()
    const asked = asks.map((ask) => server.ask({ ...base, quorum: { policy: 'fixed:1' }, ...ask }))
    const person = await open(`touch-${name}`, { more: phone })
    await person.begin()
    await person.shows(asks[0].text)
    const { page } = person
    // The browser makes a click of a tap a moment later; the next finger of a person does not come before that.
    const tapOn = async (what) => {
      await what.evaluate((node) => {
        globalThis.tapped = false
        node.addEventListener('click', () => setTimeout(() => (globalThis.tapped = true)), { once: true })
      })
      await what.tap()
      await page.waitForFunction(() => globalThis.tapped)
    }
    const tap = (label) => tapOn(page.getByRole('button', { name: label, exact: true }))
    return { asked, person, page, fingers: await person.fingers(), tap, tapOn }
  }

  for (const { name, ask, by, fits, ...wanted } of touches({ image, street, sound: sound(server) })) {
    await checks.step(`touch ${name}: answered by fingers, and sent as it was drawn`, async () => {
      const { asked, person, page, fingers, tap, tapOn } = await start(name, [ask])
      if (ask.image || ask.choice_images) await page.locator('.media img').first().waitFor()
      const place = ['boxes', 'polygons', 'mask'].includes(ask.type) ? await placer(person, image) : {}
      /** A slider's thumb from one part of its way to another. */
      const slide = async (label, from, to) => {
        const { x, y, width, height } = await page.getByRole('slider', { name: label }).boundingBox()
        const at = (part) => [x + 5 + (width - 10) * part, y + height / 2] // the thumb is 10 wide, and stays within
        await fingers.drag(at(from), at(to))
      }
      await by({ person, page, fingers, tap, tapOn, slide, checks, image, ...place })
      await page.getByText('You answered').waitFor()
      checks.equal(await page.evaluate(() => `${visualViewport.scale} ${visualViewport.offsetTop}`), '1 0', 'what became of the page itself')
      await person.sent()
      const [given, ...more] = asked[0].answersGiven
      checks.equal(more.length, 0, 'further answers')
      const told = { choice: given?.choice, value: given?.value }
      if (fits) checks.ok(given && fits(told, place), `${name}: what arrives is ${JSON.stringify(told).slice(0, 300)}`)
      else checks.equal(JSON.stringify(told), JSON.stringify({ choice: undefined, value: undefined, ...wanted }), `what arrives`)
      await person.close()
    })
  }

  await checks.step('touch: a sweep skips wherever it begins but where fingers draw, and answers nothing', async () => {
    const plain = { type: 'choice', choices: ['Yes', 'No'] }
    const { asked, person, page, fingers } = await start('sweep', [{ ...plain, text: 'Is 17 a prime number?' }, { ...plain, text: 'Is 21 a prime number?' }, { type: 'boxes', choices: ['roof'], text: 'Mark the roof.', image: image.hash }])
    const on = async (locator) => {
      const [x, y] = middle(await locator.boundingBox())
      return (by) => fingers.fling([x - by / 2, y], [x + by / 2, y])
    }
    await (await on(page.getByRole('button', { name: 'Yes' })))(-160)
    await page.getByText('Skipped.', { exact: true }).waitFor()
    await person.shows('Is 21 a prime')
    await (await on(page.locator('main h1')))(160) // back
    await person.shows('Is 17 a prime')
    await (await on(page.locator('main h1')))(-160)
    await person.shows('Is 21 a prime')
    await (await on(page.locator('main h1')))(-160)
    await person.shows('Mark the roof.')
    await page.locator('.surface img').waitFor()
    await (await on(page.locator('.surface')))(-200)
    await page.locator('.region.chosen').waitFor()
    checks.equal(await page.locator('main h1').innerText(), 'Mark the roof.', 'the question after a stroke on its picture')
    checks.equal(asked.map((q) => q.answersGiven.length).join(), '0,0,0', 'answers given by sweeps')
    await person.close()
  })

  await checks.step('touch: a tap right after a quick stroke counts', async () => {
    const { asked, person, page, fingers, tap } = await start('quick', [{ type: 'boxes', choices: ['window', 'door'], text: 'Mark both.', image: image.hash }, { type: 'ranking', text: 'Which first?', choices: ['A', 'B', 'C'] }, { type: 'choice', text: 'Is it a house?', choices: ['Yes', 'No'], image: image.hash }])
    await page.locator('.surface img').waitFor()
    const { at } = await placer(person, image)
    for (const [i, name] of ['door', 'window', 'door'].entries()) {
      await fingers.fling(at(100 + 200 * i, 100), at(200 + 200 * i, 300))
      await tap(name) // of the box that was drawn just now
    }
    await tap('Send 3 boxes')
    await person.shows('Which first?')
    await page.locator('.phone:not(.deaf)').waitFor()
    const handle = async (name) => middle(await page.getByRole('button', { name: new RegExp(`^${name}, place`) }).boundingBox())
    for (const [name, to, below, then] of [['A', 'C', 10, 'C'], ['B', 'C', -10, 'A']]) {
      const [x, y] = await handle(to)
      await fingers.fling(await handle(name), [x, y + below])
      await tap(`${then}: up`)
    }
    await tap('Send this order')
    await person.shows('Is it a house?')
    await page.locator('.phone:not(.deaf)').waitFor()
    await tap('Enlarge the picture')
    for (let i = 0; i < 3; i++) {
      await tap('Larger')
      await fingers.fling([200, 500], [160, 300])
    }
    await tap('Close')
    await tap('Yes')
    await person.sent()
    checks.equal(asked.map((q) => JSON.stringify(q.answersGiven[0]?.value?.map((v) => v.class ?? v))).join(' '), '[1,0,1] [1,0,2] ', 'what arrives')
    await person.close()
  })
}
