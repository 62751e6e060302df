// Starts `ddb serve-mcp` over HTTP, for the checks that speak to it there.
'use strict'

const { spawn } = require('node:child_process')

const env = { ...process.env }
delete env.AWS_ENDPOINT_URL_DYNAMODB
delete env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS

/** Serves on a free port while use, which gets the address, runs. */
async function serving(args, use) {
  const server = spawn(process.env.DDB, ['serve-mcp', '--local=memory', '--http', '127.0.0.1:0', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    const url = await new Promise((resolve, reject) => {
      let said = ''
      const hear = (chunk) => {
        said += chunk
        const found = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said)
        if (found) resolve(found[0])
      }
      server.stdout.on('data', hear)
      server.stderr.on('data', hear)
      server.on('exit', () => reject(new Error(`serve-mcp --http ended: ${said}`)))
      setTimeout(() => reject(new Error(`no address within 60 s: ${said}`)), 60000).unref()
    })
    return await use(url)
  } finally {
    server.removeAllListeners('exit')
    server.kill('SIGTERM')
  }
}

module.exports = { env, serving }
