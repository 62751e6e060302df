// The official TypeScript client of MCP against `ddb serve-mcp`: on standard input and output, and over HTTP.
"use strict";
const assert = require("node:assert/strict");
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StdioClientTransport } = require("@modelcontextprotocol/sdk/client/stdio.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
const { env, serving } = require("./serve.cjs");

async function connected(transport) {
  const client = new Client({ name: "check", version: "1" }, { capabilities: {} });
  await client.connect(transport);
  return client;
}

// converse does what an assistant does, and checks every answer. The client itself checks structured content against the
// output schemas it has listed.
async function converse(client, table) {
  assert.equal(client.getServerVersion().name, "dynamodb-server");
  assert.match(client.getInstructions(), /DynamoDB JSON/);
  const { tools } = await client.listTools();
  assert.equal(tools.length, 31);
  for (const tool of tools) {
    assert.equal(tool.inputSchema.type, "object", tool.name);
    assert.equal(typeof tool.annotations.readOnlyHint, "boolean", tool.name);
  }

  const call = (name, args) => client.callTool({ name, arguments: args });
  const made = await call("create_table", {
    table_name: table, billing_mode: "PAY_PER_REQUEST",
    attribute_definitions: [{ AttributeName: "pk", AttributeType: "S" }], key_schema: [{ AttributeName: "pk", KeyType: "HASH" }],
  });
  assert.ok(!made.isError, JSON.stringify(made));
  const item = { pk: { S: "a" }, n: { N: "12345678901234567890.123456789012345678" }, hidden: { S: "a\u200bb <c> \u2028 é" } };
  assert.ok(!(await call("put_item", { table_name: table, item })).isError);
  const got = await call("get_item", { table_name: table, key: { pk: { S: "a" } } });
  assert.deepEqual(got.structuredContent.Item, item);
  assert.deepEqual(JSON.parse(got.content[0].text), got.structuredContent);
  assert.ok(!got.content[0].text.includes("\u200b"), "a character nobody sees stands in the text");

  const missing = await call("describe_table", { table_name: table + "s" });
  assert.equal(missing.isError, true);
  assert.equal(JSON.parse(missing.content[0].text).error.code, "ResourceNotFoundException");
  await assert.rejects(call("get_itm", {}), /did you mean/);

  const many = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    call("put_item", { table_name: table, item: { pk: { S: `p${i}` } } })));
  assert.ok(many.every((r) => !r.isError));
  const page = await call("scan", { table_name: table, max_items: 20, format: "plain" });
  assert.equal(page.structuredContent.Items.length, 20);

  const stop = new AbortController();
  const cancelled = client.callTool({ name: "scan", arguments: { table_name: table } }, undefined, { signal: stop.signal });
  stop.abort();
  await assert.rejects(cancelled);
  assert.ok(!(await call("list_tables", {})).isError, "after a call that was cancelled");

  const { prompts } = await client.listPrompts();
  assert.ok(prompts.length > 0);
  const prompt = await client.getPrompt({ name: prompts[0].name });
  assert.ok(prompt.messages[0].content.text.length > 1000);
}

async function overStdio() {
  const client = await connected(new StdioClientTransport({ command: process.env.DDB, args: ["serve-mcp", "--local=memory"], env, stderr: "ignore" }));
  await converse(client, "Stdio");
  await client.close();
}

const overHTTP = () => serving([], async (url) => {
  const transport = new StreamableHTTPClientTransport(new URL(url));
  const client = await connected(transport);
  assert.ok(transport.sessionId, "the server gives no session");
  await converse(client, "Http");
  await transport.terminateSession();
  await client.close();
});

(async () => {
  await overStdio();
  await overHTTP();
  console.log("the TypeScript client of MCP: stdio and streamable HTTP, 31 tools");
})().catch((err) => {
  console.error(err);
  process.exit(1);
});
