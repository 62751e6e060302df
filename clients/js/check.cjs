// What the checks of JavaScript clients share: comparisons, and a list of checks run one after the other.
'use strict'

const assert = require('node:assert/strict')

/** The call fails with this exception, as the client names it; gives the error. */
async function refused(name, call) {
  try {
    await call()
  } catch (error) {
    assert.equal(error.name, name, error.message)
    return error
  }
  throw new Error(`expected ${name}, but the call succeeded`)
}

/** Runs checks by name, prints one line each, and sets the exit code. */
async function run(title, checks) {
  let failed = 0
  for (const [name, check] of Object.entries(checks)) {
    const start = performance.now()
    try {
      await check()
      console.log(`ok    ${name} (${((performance.now() - start) / 1000).toFixed(2)} s)`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}`)
      console.error(error)
    }
  }
  console.log(`${title}: ${failed} failed`)
  process.exitCode = failed ? 1 : 0
}

/** The version of an installed package. Some packages hide their package.json from require. */
function version(name) {
  const path = require('node:path').join(process.env.NODE_PATH, name, 'package.json')
  return `${name} ${JSON.parse(require('node:fs').readFileSync(path, 'utf8')).version}`
}

module.exports = { assert, refused, run, version }
