// The conformance tests of the Model Context Protocol (@modelcontextprotocol/conformance) against `ddb serve-mcp --http`, for each
// revision they know. Most of their scenarios want a server made for the tests, with tools such as test_simple_text; those are told apart by what
// they say, and everything a server of any kind can be asked has to pass.
'use strict'

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { assert, run, version } = require('./check.cjs')
const { serving } = require('./serve.cjs')

const any = ['completion-complete', 'dns-rebinding-protection', 'prompts-list', 'resources-list', 'tools-list']
const withSessions = [...any, 'ping', 'server-initialize']

/** The scenarios that need nothing made for them: each check of theirs passes, but for the few named in excused. */
const revisions = {
  '2025-06-18': withSessions.filter((name) => name !== 'dns-rebinding-protection'),
  '2025-11-25': [...withSessions, 'server-session-lifecycle', 'server-sse-multiple-streams'],
  '2026-07-28': [...any, 'caching', 'http-header-validation', 'input-required-result-unsupported-methods', 'sep-2164-resource-not-found', 'server-sse-multiple-streams', 'server-stateless'],
}

/** What a check says that wants a tool, prompt or resource of the tests' own, or a capability that this server does not declare. */
const unmet = /\btest_\w+|test:\/\/|json_schema_2020_12_tool|Not testable|^Prerequisite failed|^Expected InputRequiredResult|recommends servers re-request|(logging|resources subscribe) not supported/

// Before Node 22 there is no fs.globSync, which the program imports and does not use here.
const shim = `
import { register } from 'node:module'
const more = "export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => []"
const fs = 'data:text/javascript,' + encodeURIComponent(more)
const hooks = "export const resolve = (s, c, next) => s === 'fs' ? { url: " + JSON.stringify(fs) + ", shortCircuit: true } : next(s, c)"
register('data:text/javascript,' + encodeURIComponent(hooks))`

const program = path.join(process.env.NODE_PATH, '@modelcontextprotocol/conformance/dist/index.js')

/** Runs the scenarios of a revision, and gives their checks by the scenario's name. */
function checksOf(url, revision, dir) {
  const args = fs.globSync ? [] : ['--import', 'data:text/javascript,' + encodeURIComponent(shim)]
  args.push(program, 'server', '--url', url, '--suite', 'all', '--spec-version', revision, '--output-dir', dir, '--timeout', '60000')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (_, out, err) => { // its exit code counts the scenarios that want a server of their own
      if (!fs.existsSync(dir)) return reject(new Error(`it left no results: ${out.slice(-2000)} ${err.slice(-2000)}`))
      resolve(Object.fromEntries(fs.readdirSync(dir).map((name) => [
        /^server-(.*?)-\d{4}-\d\d-\d\dT/.exec(name)[1],
        JSON.parse(fs.readFileSync(path.join(dir, name, 'checks.json'), 'utf8')),
      ])))
    })
  })
}

/** Some checks give a server 800 ms, which a busy machine does not have: what fails is tried again. */
async function judgeSeveral(url, revision, dir) {
  for (let attempt = 1; ; attempt++) {
    try {
      return judge(revision, await checksOf(url, revision, path.join(dir, `${revision}-${attempt}`)))
    } catch (error) {
      if (attempt === 4) throw error
      await new Promise((resolve) => setTimeout(resolve, 2000 * attempt))
    }
  }
}

function judge(revision, scenarios) {
  const problems = []
  let passed = 0
  let elsewhere = 0
  for (const [name, checks] of Object.entries(scenarios)) {
    const failed = checks.filter((check) => check.status === 'FAILURE')
    const excused = failed.filter((check) => unmet.test(check.errorMessage || ''))
    passed += checks.filter((check) => check.status === 'SUCCESS').length
    elsewhere += excused.length
    for (const check of failed) {
      const fixture = /^Not testable/.test(check.errorMessage || '')
      if (!excused.includes(check) || revisions[revision].includes(name) && !fixture) problems.push(`${name}, ${check.id}: ${check.errorMessage}`)
    }
  }
  for (const name of revisions[revision]) {
    if (!scenarios[name]?.some((check) => check.status === 'SUCCESS')) problems.push(`${name} was not run`)
  }
  assert.deepEqual(problems, [])
  console.log(`      ${revision}: ${Object.keys(scenarios).length} scenarios, ${passed} checks passed, ${elsewhere} want what is not there`)
}

serving(['--toolsets', 'all'], async (url) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ddb-conformance-'))
  try {
    await run(`${version('@modelcontextprotocol/conformance')}`, Object.fromEntries(Object.keys(revisions).map((revision) => [
      revision, () => judgeSeveral(url, revision, dir),
    ])))
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
})
