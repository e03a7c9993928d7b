// Every type of question in a real browser: it is drawn, sent, and its result is seen. Called by pages.mjs.

/** A clip of so many seconds, as a WAV file: a tone that rises. */
export function clip(seconds) {
  const rate = 8000
  const samples = Buffer.alloc(seconds * rate * 2)
  for (let i = 0; i < seconds * rate; i++) samples.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * (220 + 60 * (i / rate)) * i) / rate)), 2 * i)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(2 * rate, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

export const passage = 'Ada Lovelace wrote the first program in 1843, for a machine that Charles Babbage never finished. 🏠 She grew up in London and knew Mary Somerville well.'

const button = (person, name) => person.page.getByRole('button', { name, exact: typeof name === 'string' })

/** From pixels of the picture to places of the screen. */
export async function placer(person, image) {
  const box = await person.page.locator('.surface').boundingBox()
  const scale = Math.min(box.width / image.width, box.height / image.height)
  const [left, top] = [box.x + (box.width - image.width * scale) / 2, box.y + (box.height - image.height * scale) / 2]
  return { at: (x, y) => [left + x * scale, top + y * scale], scale }
}

async function drag(person, from, to) {
  await person.page.mouse.move(...from)
  await person.page.mouse.down()
  await person.page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 })
  await person.page.mouse.move(...to, { steps: 3 })
  await person.page.mouse.up()
}

const near = (got, want, by) => Math.abs(got - want) <= by

/** The cases: what is asked, how a person answers, and what must come of it. `at` waits for what is drawn before the picture is taken. */
export function cases({ image, street, sound }) {
  return [
    { name: 'yes_no', ask: { type: 'yes_no', text: 'Is somebody at the door?', image: street.hash, image_alt: 'A house by a road.' }, act: (p) => p.page.keyboard.press('2'), want: (a) => a.choice === 1, told: 'No' },
    { name: 'cannot-tell', ask: { type: 'boxes', choices: ['window'], text: 'Mark every window.', image: image.hash }, act: (p) => button(p, 'Can’t tell').click(), want: (a) => a.choice === -1 && a.value === undefined, told: 'Can’t tell' },
    { name: 'choice-images', ask: { type: 'choice', text: 'Which of these is the same house?', choices: ['The first', 'The second', 'The third', 'None'], choice_images: [image, street, image, street].map((i) => ({ image: i.hash, alt: 'A house' })) }, act: (p) => p.page.locator('.pictured > div').nth(1).locator('img').click(), want: (a) => a.choice === 1, told: 'The second' },
    { name: 'scale', ask: { type: 'scale', text: 'How clear is this sentence?\nThe parcel that the man whom the dog bit carried was torn.', choices: ['1', '2', '3', '4', '5', '6', '7'] }, act: (p) => p.page.keyboard.press('6'), want: (a) => a.choice === 5, told: '6' },
    { name: 'scale-words', ask: { type: 'scale', text: 'How damaged is this roof?', choices: ['Not at all', 'A little', 'Badly', 'Beyond repair'], image: image.hash }, act: (p) => p.tap('Badly'), want: (a) => a.choice === 2, told: 'Badly' },
    { name: 'scale-long', ask: { type: 'scale', text: 'How likely is rain today?', choices: Array.from({ length: 11 }, (_, i) => `${i * 10} %`) }, act: async (p) => (await button(p, 'One higher').click(), await button(p, 'Send 60 %').click()), want: (a) => a.choice === 6, told: '60 %' },
    { name: 'pair', ask: { type: 'pair', text: 'Which house needs repair first?', choices: ['First', 'Second'], choice_images: [image, street].map((i) => ({ image: i.hash, alt: 'A house' })) }, act: (p) => p.page.keyboard.press('ArrowRight'), want: (a) => a.choice === 1, told: 'Second' },
    { name: 'pair-text', ask: { type: 'pair', text: 'Which answer is kinder?', choices: ['We are sorry for the delay and will write to you today.', 'Please wait.'] }, act: (p) => p.page.keyboard.press('ArrowUp'), want: (a) => a.choice === 0, told: 'We are sorry' },
    {
      name: 'multiple', ask: { type: 'multiple', text: 'What can you see?', choices: ['A roof', 'A tree', 'A road', 'A person', 'The sun'], least: 1, most: 3, image: image.hash },
      act: async (p) => {
        for (const name of ['The sun', 'A roof', 'A tree']) await button(p, name).click()
        await button(p, 'A tree').click()
        await p.ready()
        await button(p, 'Send 2 of 5').click()
      },
      want: (a) => JSON.stringify(a.value) === '[0,4]', told: 'A roof, The sun',
    },
    {
      name: 'multiple-few', ask: { type: 'multiple', text: 'Which of these are fruit?', choices: ['Apple', 'Chair', 'Pear', 'Stone'] },
      act: async (p) => {
        await p.page.keyboard.press('1')
        await p.page.keyboard.press('3')
        await p.ready()
        await button(p, 'Send 2 of 4').click()
      },
      want: (a) => JSON.stringify(a.value) === '[0,2]', told: 'Apple, Pear',
    },
    {
      name: 'number', ask: { type: 'number', text: 'How heavy is the parcel?', image: street.hash, number: { min: '0', max: '40', decimals: 1, unit: 'kg' } },
      act: async (p) => {
        const field = p.page.getByRole('spinbutton')
        await field.fill('44')
        await p.page.getByText('Not over 40 kg.').waitFor()
        await p.shot('type-number-wrong')
        await field.fill('12,50')
        await button(p, 'More').click()
        await p.ready()
        await button(p, 'Send 13 kg').click()
      },
      want: (a) => a.value === '13', told: '13 kg',
    },
    {
      name: 'text', ask: { type: 'text', text: 'What does the sign say?', image: street.hash, length: 80 },
      act: async (p) => {
        await p.page.getByLabel('Your answer').fill('  Mind the 🐕  ')
        await p.page.getByText('10 of 80').waitFor()
        await p.ready()
        await button(p, 'Send').click()
      },
      want: (a) => a.value === 'Mind the 🐕', told: 'Mind the 🐕',
    },
    {
      name: 'ranking', ask: { type: 'ranking', text: 'Which is most urgent?', choices: ['Missing tiles', 'A broken window', 'Water in the cellar', 'A loose gutter'] },
      act: async (p) => {
        const handle = (name) => p.page.getByRole('button', { name: new RegExp(`^${name}, place`) })
        const [from, to] = [await handle('Water in the cellar').boundingBox(), await handle('Missing tiles').boundingBox()]
        await p.page.mouse.move(from.x + 22, from.y + 22)
        await p.page.mouse.down()
        await p.page.mouse.move(to.x + 22, to.y + 10, { steps: 6 })
        await p.shot('type-ranking-dragged')
        await p.page.mouse.up()
        await button(p, 'A loose gutter: up').click()
        await handle('Missing tiles').focus()
        await p.page.keyboard.press('Space')
        await p.page.keyboard.press('ArrowDown')
        await p.page.keyboard.press('Space')
        await p.ready()
        await button(p, 'Send this order').click()
      },
      want: (a) => JSON.stringify(a.value) === '[2,3,0,1]', told: 'Water in the cellar, A loose gutter',
    },
    {
      name: 'boxes', ask: { type: 'boxes', text: 'Draw a box around the window and the door.', choices: ['window', 'door'], image: image.hash, image_alt: 'A house from the street' },
      act: async (p) => {
        const { at } = await placer(p, image)
        await drag(p, at(190, 520), at(290, 610)) // by dragging
        await button(p, 'door').click() // the selected one becomes a door
        await p.page.mouse.click(...at(600, 60)) // beside it: nothing is selected
        await p.page.mouse.click(...at(430, 540)) // two corners
        await p.page.mouse.click(...at(520, 720))
        await button(p, 'window').click()
        await p.page.locator('.surface').focus()
        await p.page.keyboard.press('n')
        await p.page.keyboard.press('1')
        await p.page.keyboard.press('n')
        await p.page.keyboard.press('2')
        await drag(p, at(520, 720), at(530, 730)) // a corner by its handle
        await p.page.locator('.surface').focus()
        await p.page.keyboard.press('a') // one too many
        await p.page.keyboard.press('Delete')
        await p.page.keyboard.press('n')
        await p.ready()
        await button(p, 'Send 2 boxes').click()
      },
      want: ({ value: [a, b] = [] }) => a?.class === 0 && b?.class === 1 && near(a.x, 190, 3) && near(a.y, 520, 3) && near(a.w, 100, 4) && near(a.h, 90, 4) && near(b.x, 430, 3) && near(b.w, 100, 5) && near(b.h, 190, 5),
      told: '2 boxes',
    },
    {
      name: 'polygons', ask: { type: 'polygons', text: 'Outline the roof.', choices: ['roof'], image: image.hash },
      act: async (p) => {
        const { at } = await placer(p, image)
        const corners = [[200, 280], [500, 280], [600, 460], [340, 200], [90, 460]]
        for (const [i, corner] of corners.entries()) {
          await p.page.mouse.click(...at(...corner))
          if (i === 3) await button(p, 'Undo the last step').click() // a slip
        }
        await p.shot('type-polygons-open')
        await p.page.mouse.click(...at(202, 282)) // closes at the first
        await drag(p, at(600, 460), at(610, 470))
        await p.ready()
        await button(p, 'Send outline').click()
      },
      want: ({ value: [p] = [] }) => p?.class === 0 && p.points.length === 8 && [200, 280, 500, 280, 610, 470, 90, 460].every((n, i) => near(p.points[i], n, 3)),
      told: '1 outline',
    },
    {
      name: 'mask', ask: { type: 'mask', text: 'Paint the wall and the grass.', choices: ['wall', 'grass'], image: image.hash },
      act: async (p) => {
        const { at } = await placer(p, image)
        for (const y of [500, 550, 600, 650]) await drag(p, at(150, y), at(550, y))
        await button(p, 'grass').click()
        await drag(p, at(60, 800), at(640, 800))
        await button(p, 'Eraser').click()
        await drag(p, at(240, 500), at(240, 650))
        await button(p, 'Eraser').click()
        await drag(p, at(400, 100), at(500, 100))
        await button(p, 'Undo the last stroke').click()
        await p.ready()
        await button(p, 'Send the paint').click()
      },
      want: ({ value = [] }) => value.length === 2 && value[0].class === 0 && value[1].class === 1 && value.every((m) => m.counts.reduce((a, b) => a + b) === image.width * image.height) && value[0].counts.length > 100,
      told: '2 painted areas',
    },
    {
      name: 'spans', ask: { type: 'spans', text: 'Who is named, and where?', passage, choices: ['person', 'place'] },
      act: async (p) => {
        const word = (text) => p.page.locator('.passage-marks span', { hasText: new RegExp(`^${text}$`) }).first()
        await word('Ada').click()
        await word('Lovelace').click()
        await p.shot('type-spans-selected')
        await button(p, 'person').click()
        await word('London').click()
        await button(p, 'place').click()
        // By mouse, across the emoji.
        const [from, to] = [await word('Mary').boundingBox(), await word('Somerville').boundingBox()]
        await p.page.mouse.move(from.x + 1, from.y + from.height / 2)
        await p.page.mouse.down()
        await p.page.mouse.move(to.x + to.width - 1, to.y + to.height / 2, { steps: 4 })
        await p.page.mouse.up()
        await p.page.keyboard.press('1')
        await p.ready()
        await button(p, 'Send 3 marks').click()
      },
      want: (a) => {
        const points = [...passage]
        const said = (a.value ?? []).map((s) => `${s.class} ${points.slice(s.start, s.end).join('')}`)
        return said.join('; ') === '0 Ada Lovelace; 1 London; 0 Mary Somerville'
      },
      told: '3 marks',
    },
    {
      name: 'audio', ask: { type: 'choice', text: 'Does the tone rise or fall?', choices: ['It rises', 'It falls'], audio: sound.hash },
      act: async (p) => {
        await button(p, 'Play').click()
        await button(p, 'Pause').waitFor()
        await p.page.waitForFunction(() => document.querySelector('audio').currentTime > 0.3)
        await button(p, 'Pause').click()
        await p.page.getByRole('button', { name: /^Speed/ }).click()
        await p.ready()
        await p.tap('It rises')
      },
      want: (a) => a.choice === 0, told: 'It rises',
    },
    { name: 'passage', ask: { type: 'yes_no', text: 'Does the letter ask for money?', passage: 'Dear neighbours,\n\nas some of you know, the roof of the hall has been leaking since the storm. Last week the builders came and told us what it would cost to mend it.\n\nWe have half of the sum. Whoever would like to help can find the box at the entrance, or come on Saturday with a ladder and strong arms: both are welcome.\n\nWith best wishes, your committee' }, act: (p) => p.tap('Yes'), want: (a) => a.choice === 0, told: 'Yes' },
  ]
}

/** A clip that does not end while somebody is slow to stop it. */
export const sound = (server) => server.media(clip(30), 'audio/wav')

export async function caseSteps({ checks, server, open, base, image, street, desk }) {
  const all = cases({ image, street, sound: sound(server) })
  for (const { name, ask, act, want, told } of all) {
    await checks.step(`type ${name}: drawn, sent, and its result seen`, async () => {
      for (const other of server.world.questions.values()) if (other.status === 'open') server.close(other, 'cancelled')
      const q = server.ask({ ...base, quorum: { policy: 'fixed:1' }, ...ask })
      const person = await open(`type-${name}`)
      person.ready = async () => {
        await person.accessible(`type ${name}`)
        await person.shot(`type-${name}-ready`)
      }
      await person.begin()
      await person.page.locator('main h1').filter({ hasText: ask.text.split('\n')[0].slice(0, 20) }).waitFor()
      await person.page.locator('.thumb :is(.answer, .send .btn)').or(person.page.locator('.pictured .answer')).first().waitFor()
      if (ask.image || ask.choice_images) await person.page.locator('.media img').first().waitFor()
      await person.accessible(`type ${name}, untouched`)
      await person.shot(`type-${name}`)
      const small = await person.page.locator('main button, .thumb button').evaluateAll((found) => found.map((b) => ({ name: b.textContent || b.ariaLabel, box: b.getBoundingClientRect() })).filter(({ box }) => box.width > 0 && (box.width < 43.5 || box.height < 43.5)).map(({ name: n, box }) => `${n} ${Math.round(box.width)}x${Math.round(box.height)}`))
      checks.equal(small.join(), '', `targets under 44 px of ${name}`)
      await act(person)
      await person.page.getByText('You answered').waitFor()
      await person.sent()
      const given = q.answersGiven[0]
      checks.ok(given && want(given), `${name}: what arrives is ${JSON.stringify(given?.value ?? given?.choice)?.slice(0, 300)}`)
      await person.go('/answered')
      const row = person.page.locator('.mine button').first()
      await row.waitFor()
      await checks.becomes(() => row.innerText().then((said) => said.includes(told) || said), true, `${name}: my answers say “${told}”`)
      await row.click()
      await person.accessible(`type ${name}, answered`)
      await person.shot(`type-${name}-answered`)
      await person.go(`/verify/${q.id}`)
      await person.page.getByText('Four checks hold.').waitFor()
      await person.accessible(`type ${name}, record`)
      await person.shot(`type-${name}-record`, { full: true })
      await person.close()
      const requester = await open(`type-${name}-console`, { size: desk })
      await requester.enter(server.apiKey)
      await requester.go(`/console/q/${q.id}`)
      await requester.page.locator('.qgrid').waitFor()
      await requester.accessible(`type ${name}, console`)
      await requester.shot(`type-${name}-console`, { full: true })
      await requester.close()
    })
  }
}

export async function typeSteps({ checks, chrome, server, open, base, image, street, desk, narrow, phone }) {
  const all = cases({ image, street, sound: sound(server) })

  await checks.step('types: each can be asked in the console', async () => {
    const requester = await open('ask-types', { size: desk })
    const { page } = requester
    await requester.enter(server.apiKey)
    const file = { name: 'street.png', mimeType: 'image/png', buffer: server.world.media.get(street.hash).data }
    const asks = [
      ['yes_no', async () => undefined, (q) => q.choices.join() === 'Yes,No'],
      ['scale', async () => (await button(requester, 'Another choice').click(), await named(['Bad', 'Fair', 'Good'])), (q) => q.choices.join() === 'Bad,Fair,Good'],
      ['pair', async () => {
        await named(['First', 'Second'])
        await page.getByLabel('Picture of choice 1').setInputFiles(file)
        await button(requester, /^Ask now/).click()
        await page.getByText('Give every choice a picture, or none.').waitFor()
        await page.getByLabel('Picture of choice 2').setInputFiles(file)
        await page.locator('.choicepicture img').nth(1).waitFor()
      }, (q) => q.choice_images.length === 2],
      ['multiple', async () => (await named(['Red', 'Green']), await page.getByLabel('Choose at least').fill('1')), (q) => q.least === 1 && q.most === 2],
      ['ranking', () => named(['One', 'Two']), (q) => q.type === 'ranking'],
      ['number', async () => {
        await page.getByLabel('From', { exact: true }).fill('5')
        await page.getByLabel('To', { exact: true }).fill('-5')
        await button(requester, /^Ask now/).click()
        await page.getByText('From must be under to').waitFor()
        await page.getByLabel('From', { exact: true }).fill('-40')
        await page.getByLabel('To', { exact: true }).fill('60,50')
        await page.getByLabel('Digits after the point').fill('1')
        await page.getByRole('textbox', { name: 'Unit' }).fill('°C')
      }, (q) => JSON.stringify(q.number) === '{"min":"-40","max":"60.5","decimals":1,"unit":"°C"}'],
      ['text', () => page.getByLabel('Most characters').fill('40'), (q) => q.length === 40],
      ['boxes', async () => (await named(['car'], 'Class'), await page.getByLabel('Picture', { exact: true }).setInputFiles(file), await page.getByLabel('What it shows').fill('A street')), (q) => q.image.hash === street.hash && q.choices.join() === 'car'],
      ['polygons', async () => (await named(['car'], 'Class'), await page.getByLabel('Picture', { exact: true }).setInputFiles(file), await page.getByLabel('What it shows').waitFor()), (q) => q.image.hash === street.hash],
      ['mask', async () => (await named(['car'], 'Class'), await page.getByLabel('Picture', { exact: true }).setInputFiles(file), await page.getByLabel('What it shows').waitFor()), (q) => q.image.hash === street.hash],
      ['spans', async () => (await named(['person'], 'Class'), await page.getByLabel('Passage').fill(passage)), (q) => q.passage === passage],
      ['choice', async () => {
        await named(['It rises', 'It falls'])
        await page.getByLabel('Clip', { exact: true }).setInputFiles({ name: 'tone.wav', mimeType: 'audio/wav', buffer: clip(1) })
        await page.getByRole('button', { name: 'Remove the clip' }).waitFor()
      }, (q) => q.audio.type === 'audio/wav'],
    ]
    const named = async (names, noun = 'Choice') => {
      for (const [i, name] of names.entries()) await page.getByRole('textbox', { name: `${noun} ${i + 1}`, exact: true }).fill(name)
    }
    for (const [type, fill, fits] of asks) {
      await requester.go('/ask')
      await page.getByLabel('What an answer is').selectOption(type)
      await page.getByRole('textbox', { name: 'Question' }).fill(`What of ${type}?`)
      await fill()
      await requester.accessible(`ask ${type}`)
      await requester.shot(`ask-${type}`, { full: true })
      await page.getByRole('button', { name: /^Ask now/ }).click()
      await page.waitForURL('**/console/q/*')
      const q = server.world.questions.get(page.url().split('/').pop())
      checks.ok(q?.type === type && fits(q), `${type} is asked as ${JSON.stringify(q)?.slice(0, 400)}`)
      await page.getByText('Live', { exact: true }).waitFor()
      await requester.accessible(`open ${type}`)
      await requester.shot(`open-${type}`, { full: true })
      server.close(q, 'cancelled')
    }
    await requester.close()
  })

  await checks.step('types: dark, narrow and at a desk', async () => {
    for (const other of server.world.questions.values()) if (other.status === 'open') server.close(other, 'cancelled')
    const asked = all.map(({ ask }) => server.ask({ ...base, ...ask }))
    const person = await open('types', { also: ['.dark', '.320', '.desk'] })
    await person.begin()
    for (const { name, ask } of all) {
      await person.page.locator('main h1').filter({ hasText: ask.text.split('\n')[0].slice(0, 20) }).waitFor()
      await person.page.locator('.thumb :is(.answer, .send .btn)').or(person.page.locator('.pictured .answer')).first().waitFor()
      if (ask.image || ask.choice_images) await person.page.locator('.media img').first().waitFor()
      await person.accessible(`type ${name}`)
      await person.shot(`type-${name}.all`, { full: true })
      await button(person, 'Skip').click()
    }
    await person.close()
    for (const q of asked) server.close(q, 'cancelled')
  })

  await checks.step('types: a picture is seen whole, whatever its shape and the room there is', async () => {
    for (const [width, height] of [[300, 1200], [1600, 200]]) {
      const page = await chrome.newPage({ viewport: { width, height } })
      await page.setContent('<body style="margin:0;box-sizing:border-box;height:100vh;border:24px solid #14211d;background:#5d7680">')
      const { hash } = server.media(await page.screenshot(), 'image/png')
      await page.close()
      for (const other of server.world.questions.values()) if (other.status === 'open') server.close(other, 'cancelled')
      server.ask({ ...base, type: 'text', text: 'What does the sign say?', image: hash, length: 200 })
      for (const size of [undefined, narrow, desk]) {
        const person = await open(`whole-${width}`, { size })
        await person.begin()
        const picture = person.page.locator('.media img')
        await picture.waitFor()
        const [box, under] = [await picture.boundingBox(), await person.page.locator('.thumb').boundingBox()]
        checks.equal(await picture.evaluate((img) => getComputedStyle(img).objectFit), 'contain', 'how a picture fits')
        checks.ok(box.width > 0 && box.height >= 160 && box.y + box.height <= under.y, `a picture of ${width}x${height} lies over the answer: ${JSON.stringify({ box, under })}`)
        await person.close()
      }
    }
  })

  await checks.step('types: what is painted too finely to be sent is simplified, and then sent', async () => {
    for (const other of server.world.questions.values()) if (other.status === 'open') server.close(other, 'cancelled')
    const q = server.ask({ ...base, quorum: { policy: 'fixed:1' }, type: 'mask', text: 'Paint every tile.', choices: ['tile'], image: image.hash })
    const person = await open('fine')
    const { page } = person
    await person.begin()
    await page.locator('.surface img').waitFor()
    const { at } = await placer(person, image)
    await page.getByRole('slider').fill('6')
    const line = (y) => drag(person, at(4, y), at(696, y))
    for (let y = 20; y < 300; y += 28) await line(y)
    await page.mouse.move(2, 2)
    await page.getByText('of the detail that can be sent').waitFor()
    await person.accessible('type mask, half full')
    await person.shot('type-mask-half')
    await page.getByRole('slider').fill('10')
    for (let y = 330; y < 890; y += 54) await line(y)
    await button(person, 'Simplify the paint').waitFor()
    checks.equal(await button(person, 'Send the paint').count(), 0, 'ways to send what is too fine')
    for (const [suffix, size, scheme] of [['', phone, 'light'], ['.320', narrow, 'light'], ['.desk.dark', desk, 'dark']]) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme: scheme })
      await person.accessible(`type mask, too fine${suffix}`)
      await person.shot(`type-mask-fine${suffix}`)
    }
    await page.setViewportSize(phone)
    await page.emulateMedia({ colorScheme: 'light' })
    // Loading anew loses nothing of it.
    await page.reload()
    await button(person, 'Simplify the paint').click()
    await page.getByText('of the detail that can be sent').waitFor()
    await person.shot('type-mask-simplified')
    await button(person, 'Undo the last stroke').click()
    await button(person, 'Simplify the paint').click()
    await button(person, 'Send the paint').and(page.locator(':enabled')).click()
    await page.getByText('You answered').waitFor()
    await person.sent()
    const [{ counts }] = q.answersGiven[0].value
    checks.ok(JSON.stringify(counts).length <= 63 * 1024, `the simplified mask has ${counts.length} runs`)
    // The thick lines are all there, the thin ones are gone.
    const within = counts.slice(1, -1)
    checks.ok(within.length > 10_000 && within.every((n) => n >= 18), `the shortest of ${within.length} runs has ${Math.min(...within)} pixels`)
    await person.close()
  })

  await checks.step('types: two fingers zoom a picture, and nothing is drawn by them', async () => {
    const q = server.ask({ ...base, quorum: { policy: 'fixed:1' }, type: 'boxes', text: 'Mark the sun.', choices: ['sun'], image: image.hash })
    const person = await open('pinch', { more: { hasTouch: true } })
    await person.begin()
    await person.page.locator('.surface img').waitFor()
    const { at } = await placer(person, image)
    const fingers = await person.fingers()
    const [a, b] = [at(500, 120), at(640, 240)]
    await fingers.pinch([a, b], [[a[0] - 60, a[1] - 40], [b[0] + 20, b[1] + 60]])
    await person.page.getByRole('button', { name: 'Smaller' }).and(person.page.locator(':enabled')).waitFor()
    checks.equal(await person.page.getByText('No box').count(), 0, 'words about no box')
    checks.equal(await person.page.locator('.region').count(), 0, 'boxes drawn by two fingers')
    await person.shot('type-boxes-zoomed')
    // One finger draws, at the new scale.
    const box = await person.page.locator('.surface').boundingBox()
    await fingers.drag([box.x + 60, box.y + 60], [box.x + 180, box.y + 150])
    await person.page.locator('.region.chosen').waitFor()
    await person.shot('type-boxes-touched')
    await button(person, 'Send box').click()
    await person.page.getByText('You answered').waitFor()
    await person.sent()
    const drawn = q.answersGiven[0]?.value?.[0]
    checks.ok(drawn && drawn.w < 200 && drawn.w > 20, `a box drawn while zoomed is ${JSON.stringify(drawn)}`)
    await person.close()
  })

  await checks.step('types: what is drawn is there again after an undo and after loading anew', async () => {
    const q = server.ask({ ...base, quorum: { policy: 'fixed:1' }, type: 'boxes', text: 'Mark the door.', choices: ['door'], image: image.hash })
    const person = await open('again')
    await person.begin()
    await person.page.locator('.surface img').waitFor()
    const { at } = await placer(person, image)
    await drag(person, at(430, 540), at(520, 720))
    await button(person, 'Send box').click()
    await person.page.getByText('You answered').waitFor()
    await person.page.keyboard.press('u')
    await button(person, 'Send box').and(person.page.locator(':enabled')).waitFor()
    await person.page.reload()
    await person.page.locator('.region').waitFor()
    await button(person, 'Send box').click()
    await person.page.getByText('You answered').waitFor()
    await person.sent()
    checks.equal(q.answersGiven.length, 1, 'answers after an undo')
    await person.close()
  })
}
