import { describe, expect, it } from 'vitest'
import { bytes, hex, random } from '../../proof/shared/bytes'
import { addressOf } from '../../proof/shared/signatures'
import { places, readFile, readKey, seal, unseal, wordsOf } from './backup'

const key = bytes('7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d')

describe('a key as words', () => {
  // From BIP-39's own vectors.
  it.each([
    ['7f'.repeat(32), 'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title'],
    ['80'.repeat(32), 'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless'],
    ['68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c', 'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length'],
    ['f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f', 'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'],
  ])('%s', (digits, words) => {
    expect(wordsOf(bytes(digits)).join(' ')).toBe(words)
    expect(hex(readKey(words))).toBe(digits)
  })

  it('is read as people write it', () => {
    const words = wordsOf(key)
    expect(readKey(`  ${words.join(' \n').toUpperCase()} `)).toEqual(key)
    expect(readKey(words.join(', '))).toEqual(key)
  })

  it.each<[string, string, RegExp]>([
    ['nothing', '', /neither/],
    ['a word', 'hello', /neither/],
    ['few digits', 'ab', /neither/],
    ['no key of the curve', '0'.repeat(64), /wallet can have/],
    ['one over the order of the curve', 'f'.repeat(64), /wallet can have/],
    ['the word of another language', wordsOf(key).with(4, 'maison').join(' '), /^Word 5 is/],
    ['a word too few', wordsOf(key).slice(1).join(' '), /23 words/],
    ['two words that changed places', wordsOf(bytes('80'.repeat(32))).with(0, 'advice').with(1, 'letter').join(' '), /fit together/],
    ['the words of nothing', wordsOf(new Uint8Array(32)).join(' '), /wallet can have/],
  ])('of %s is refused', (_, text, why) => {
    expect(() => readKey(text)).toThrow(RangeError)
    expect(() => readKey(text)).toThrow(why)
  })

  it('is asked for at three places, any of them', () => {
    const seen = new Set<number>()
    for (let i = 0; i < 500; i++) {
      const at = places()
      expect(new Set(at).size).toBe(3)
      expect(at).toEqual([...at].sort((a, b) => a - b))
      at.forEach((n) => seen.add(n))
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i))
  })
})

describe('a key file', () => {
  // From the tests of Web3 Secret Storage that all wallets share; the first file needs 32 MB, the second 262,144 rounds.
  const scrypt = '{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},"ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt","kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},"mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}'
  const pbkdf2 = '{"Crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}'
  it.each([
    ['scrypt', scrypt],
    ['pbkdf2', pbkdf2],
  ])('of other wallets is read, by %s', async (_, text) => {
    expect(await unseal(readFile(text), 'testpassword')).toEqual(key)
  })

  it('is written and read again', async () => {
    const file = await seal(key, 'correct horse battery')
    expect(file.address).toBe(addressOf(key).slice(2).toLowerCase())
    expect(file.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(JSON.stringify(file)).not.toContain(hex(key))
    expect(await unseal(readFile(JSON.stringify(file)), 'correct horse battery')).toEqual(key)
    await expect(unseal(file, 'correct horse batterz')).rejects.toThrow('The passphrase does not open this file.')
    expect((await seal(key, 'correct horse battery')).crypto.ciphertext).not.toBe(file.crypto.ciphertext)
  })

  it('for a passkey says which, and opens by nothing else', async () => {
    const passphrase = hex(random(32))
    const file = await seal(key, passphrase, { id: 'ab', salt: 'cd' })
    expect(file.tasknet).toEqual({ passkey: { id: 'ab', salt: 'cd' } })
    expect(await unseal(file, passphrase)).toEqual(key)
    await expect(unseal(file, '')).rejects.toThrow('This passkey does not open this file.')
  })

  it.each([['ciphertext'], ['mac'], ['iv'], ['salt']])('with a flipped bit in %s gives no key', async (field) => {
    const file = await seal(key, 'p', { id: '', salt: '' })
    const flip = (text: string) => text.slice(0, -1) + (parseInt(text.slice(-1), 16) ^ 1).toString(16)
    const c = file.crypto
    if (field === 'ciphertext') c.ciphertext = flip(c.ciphertext)
    if (field === 'mac') c.mac = flip(c.mac)
    if (field === 'salt') c.kdfparams.salt = flip(c.kdfparams.salt)
    if (field === 'iv') {
      // Not covered by the code of version 3; that the address is another one tells.
      c.cipherparams.iv = flip(c.cipherparams.iv)
      return expect(unseal(file, 'p')).rejects.toThrow('damaged')
    }
    await expect(unseal(file, 'p')).rejects.toThrow('does not open')
  })

  it.each(['', 'null', '{}', '[]', '"x"', '{"version":3}', scrypt.replace('"version":3', '"version":4'), scrypt.replace('aes-128-ctr', 'aes-256-gcm'), scrypt.replace('"scrypt"', '"argon2"')])('is not %j', (text) => {
    expect(() => readFile(text)).toThrow(RangeError)
  })

  it.each([
    ['memory', scrypt.replace('"n":262144,"r":1', '"n":1073741824,"r":8')],
    ['work', scrypt.replace('"p":8', '"p":1000000')],
    ['rounds', pbkdf2.replace('"c":262144', '"c":1000000000000')],
    ['a key that is too short', scrypt.replace('"dklen":32', '"dklen":16')],
    ['a ciphertext that is too short', scrypt.replace(/"ciphertext":"../, '"ciphertext":"')],
    ['a salt that is none', scrypt.replace(/"salt":"../, '"salt":"zz')],
  ])('that asks for too much %s is refused at once', async (_, text) => {
    await expect(unseal(readFile(text), 'testpassword')).rejects.toThrow('damaged')
  })
})
