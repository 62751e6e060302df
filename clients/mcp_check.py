"""The official Python MCP client against `ddb serve-mcp` on the embedded engine, over standard input and output and over HTTP.

The program is the first argument; `clients/run` gives it. The client checks structured content against the output schema
of each tool by itself and raises where it does not fit. Every check runs in both eras of the protocol: with the
initialize handshake, as today's assistants do, and with the stateless revision that follows it.
"""

import asyncio
import contextlib
import json
import secrets
import signal
import sys
import tempfile
import traceback
import warnings

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

ddb = sys.argv[1]


def expect(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def server(*flags, **env):
    return StdioServerParameters(command=ddb, args=["serve-mcp", "--local=memory", *flags], env=env)


async def call(client, tool, **arguments):
    """The structured content of a call that succeeds; its text must say the same."""
    result = await client.call_tool(tool, arguments)
    expect(len(result.content), 1, f"{tool}: blocks of content")
    if result.is_error:
        raise AssertionError(f"{tool}: {result.content[0].text}")
    expect(json.loads(result.content[0].text), result.structured_content, f"{tool}: text and structured content")
    return result.structured_content


async def refused(client, code, tool, **arguments):
    """The error of a call that fails with this code: text only, no structured content."""
    result = await client.call_tool(tool, arguments)
    if not result.is_error:
        raise AssertionError(f"{tool}: expected {code}, got {result.content[0].text}")
    expect(result.structured_content, None, f"{tool}: structured content of an error")
    error = json.loads(result.content[0].text)["error"]
    expect(error["code"], code, error["message"])
    return error


ORDERS = {
    "table_name": "orders",
    "attribute_definitions": [
        {"AttributeName": "customer", "AttributeType": "S"},
        {"AttributeName": "number", "AttributeType": "N"},
    ],
    "key_schema": [
        {"AttributeName": "customer", "KeyType": "HASH"},
        {"AttributeName": "number", "KeyType": "RANGE"},
    ],
    "billing_mode": "PAY_PER_REQUEST",
}


async def introduces_itself(mode):
    async with Client(server(), mode=mode) as client:
        expect(client.server_info.name, "dynamodb-server", "server name")
        if '{"N":"' not in client.instructions:
            raise AssertionError(f"the instructions do not show attribute values: {client.instructions}")
        if mode == "legacy":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the next revision has no ping
                await client.send_ping()
        else:
            expect(client.protocol_version, "2026-07-28", "protocol revision")


async def lists_tools(mode):
    async with Client(server(), mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        expect(len(tools), 31, "number of tools")
        for tool in tools.values():
            hints = tool.annotations
            for hint in (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint):
                if hint is None:
                    raise AssertionError(f"{tool.name} lacks a hint: {hints}")
            if not hints.title or not tool.description:
                raise AssertionError(f"{tool.name} lacks a title or a description")
        expect(tools["dynamodb_data_modeling"].output_schema, None, "output schema of the prompt")
        expect(tools["delete_table"].annotations.destructive_hint, True, "delete_table destroys")
        expect(tools["get_item"].annotations.read_only_hint, True, "get_item reads")


async def works_on_a_table(mode):
    async with Client(server(), mode=mode) as client:
        created = await call(client, "create_table", **ORDERS)
        arn = created["TableArn"]
        expect((await call(client, "describe_table", table_name=arn))["TableStatus"], "ACTIVE", "status")
        for number in range(1, 6):
            item = {"customer": {"S": "c#1"}, "number": {"N": str(number)}, "note": {"S": "Grüße 東京 <&>"}}
            await call(client, "put_item", table_name="orders", item=item)
        got = await call(client, "get_item", table_name="orders", key={"customer": {"S": "c#1"}, "number": {"N": "3"}})
        expect(got["Item"]["note"], {"S": "Grüße 東京 <&>"}, "note")
        page = await call(
            client, "query", table_name="orders", key_condition_expression="customer = :c",
            expression_attribute_values={":c": {"S": "c#1"}}, limit="2",
        )
        expect((page["Count"], page["LastEvaluatedKey"]["number"]), (2, {"N": "2"}), "first page")
        rest = await call(
            client, "query", table_name="orders", key_condition_expression="customer = :c", limit=None,
            expression_attribute_values=json.dumps({":c": {"S": "c#1"}}), exclusive_start_key=page["LastEvaluatedKey"],
        )
        expect((rest["Count"], rest["LastEvaluatedKey"]), (3, None), "second page")
        await call(client, "delete_table", table_name="orders")
        expect(await call(client, "list_tables"), {"TableNames": [], "LastEvaluatedTableName": None}, "tables")


async def explains_errors(mode):
    async with Client(server(), mode=mode) as client:
        await call(client, "create_table", **ORDERS)
        missing = await refused(client, "ResourceNotFoundException", "describe_table", table_name="ordrs")
        if "orders" not in (missing["hint"] or ""):
            raise AssertionError(f"the hint does not name the table that was meant: {missing}")
        unknown = await refused(client, "InvalidArgument", "describe_table", table_name="orders", tabel="x")
        if '"tabel"' not in unknown["message"] or "table_name" not in unknown["message"]:
            raise AssertionError(f"the refusal does not name the arguments: {unknown}")
        await refused(client, "ValidationException", "put_item", table_name="orders", item={"customer": {"S": "c#1"}})
        item = {"customer": {"S": "c#1"}, "number": {"N": "1"}, "total": {"N": "12.5"}}
        await call(client, "put_item", table_name="orders", item=item)
        failed = await refused(
            client, "ConditionalCheckFailedException", "put_item", table_name="orders", item=item,
            condition_expression="attribute_not_exists(customer)",
        )
        expect(failed["item"], item, "the item as it was")
        try:
            await client.call_tool("get_itm", {})
        except MCPError as error:
            expect(error.code, -32602, "code of an unknown tool")
            if "get_item" not in str(error):
                raise AssertionError(f"no suggestion: {error}") from error
        else:
            raise AssertionError("an unknown tool was called")


async def reads_only(mode):
    for parameters in (server("--read-only"), server(**{"DDB-MCP-READONLY": "True"}), server(DDB_MCP_READONLY="yes")):
        async with Client(parameters, mode=mode) as client:
            error = await refused(client, "ReadOnly", "create_table", **ORDERS)
            if not error["message"].startswith("Mutation not allowed: DDB-MCP-READONLY is set to true."):
                raise AssertionError(error)
            expect((await call(client, "list_tables"))["TableNames"], [], "tables")


async def calls_in_parallel(mode):
    async with Client(server(), mode=mode) as client:
        await call(client, "create_table", **ORDERS)
        items = [{"customer": {"S": "c#1"}, "number": {"N": str(n)}, "blob": {"S": "x" * 1000}} for n in range(200)]
        await asyncio.gather(*(call(client, "put_item", table_name="orders", item=item) for item in items))
        # A result holds what clients take; LastEvaluatedKey says how to go on.
        numbers, start = [], {}
        while True:
            page = await call(client, "scan", table_name="orders", **start)
            numbers += [int(item["number"]["N"]) for item in page["Items"]]
            if not page.get("LastEvaluatedKey"):
                break
            start = {"exclusive_start_key": page["LastEvaluatedKey"]}
        expect(sorted(numbers), list(range(200)), "items")


async def serves_the_prompt(mode):
    async with Client(server(), mode=mode) as client:
        result = await client.call_tool("dynamodb_data_modeling", {})
        expect(result.structured_content, None, "structured content")
        for phrase in ("DynamoDB Data Modeling Expert System Prompt", "Multi-Table First", "Denormalization", "Sparse GSI"):
            if phrase not in result.content[0].text:
                raise AssertionError(f"the prompt lacks {phrase!r}")


async def starts_without_credentials(mode):
    with tempfile.TemporaryDirectory() as home:
        nothing = {
            "HOME": home, "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": f"{home}/none", "AWS_SHARED_CREDENTIALS_FILE": f"{home}/none",
        }
        async with Client(StdioServerParameters(command=ddb, args=["serve-mcp"], env=nothing), mode=mode) as client:
            error = await refused(client, "NoCredentials", "list_tables")
            if not error["hint"]:
                raise AssertionError(f"no remedy: {error}")


@contextlib.asynccontextmanager
async def serving(*flags):
    """The URL of a server over HTTP, which ends with the block."""
    process = await asyncio.create_subprocess_exec(
        ddb, "serve-mcp", "--http", "127.0.0.1:0", "--local=memory", *flags,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.send_signal(signal.SIGINT)
        expect(await process.wait(), 0, "exit code of the server")


async def works_over_http(mode):
    for flags in ((), ("--stateless",)):
        async with serving(*flags) as url, Client(url, mode=mode) as client:
            await call(client, "create_table", **ORDERS)
            items = [{"customer": {"S": "c#1"}, "number": {"N": str(n)}} for n in range(50)]
            await asyncio.gather(*(call(client, "put_item", table_name="orders", item=item) for item in items))
            expect((await call(client, "scan", table_name="orders", max_items=50))["Count"], 50, "items")
            error = await refused(client, "ResourceNotFoundException", "describe_table", table_name="ordrs")
            if "orders" not in (error["hint"] or ""):
                raise AssertionError(f"the hint does not name the table that was meant: {error}")
            resource = await client.read_resource("ddb://table/orders")
            expect(json.loads(resource.contents[0].text)["Table"]["TableName"], "orders", "resource")
            prompts = {prompt.name for prompt in (await client.list_prompts()).prompts}
            if "reduce_cost" not in prompts:
                raise AssertionError(f"prompts: {prompts}")


async def asks_for_a_token_over_http(mode):
    token = secrets.token_hex(32)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as tokens:
        tokens.write(f"tokens:\n  - {{name: reader, token: {token}, read_only: true}}\n")
        tokens.flush()
        async with serving("--tokens", tokens.name) as url:
            async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:
                async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                    expect((await call(client, "list_tables"))["TableNames"], [], "tables")
                    await refused(client, "ReadOnly", "create_table", **ORDERS)
            async with httpx2.AsyncClient() as http:
                expect((await http.post(url, json={})).status_code, 401, "status without a token")


CHECKS = [
    introduces_itself, lists_tools, works_on_a_table, explains_errors, reads_only, calls_in_parallel, serves_the_prompt,
    starts_without_credentials, works_over_http, asks_for_a_token_over_http,
]


async def run():
    failed = 0
    for check in CHECKS:
        for mode in ("legacy", "auto"):
            try:
                await asyncio.wait_for(check(mode), 60)
                print(f"ok    {check.__name__} ({mode})")
            except Exception:  # a failed check is reported, and the next one runs
                failed += 1
                print(f"FAIL  {check.__name__} ({mode})")
                traceback.print_exc()
    return failed


sys.exit(1 if asyncio.run(run()) else 0)
