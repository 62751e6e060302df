// The AWS SDK for JavaScript v3, with its document client, against the embedded engine. The endpoint comes from
// AWS_ENDPOINT_URL_DYNAMODB; `clients/run` sets it.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')
const d = require('@aws-sdk/client-dynamodb')
const doc = require('@aws-sdk/lib-dynamodb')
const streams = require('@aws-sdk/client-dynamodb-streams')

const client = new d.DynamoDBClient({ maxAttempts: 1 })
const docs = doc.DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
const exact = doc.DynamoDBDocumentClient.from(new d.DynamoDBClient({ maxAttempts: 1 }), { unmarshallOptions: { wrapNumbers: true } })
const document = doc.DynamoDBDocument.from(client)

let tables = 0
async function newTable(more = {}) {
  const TableName = `js-${++tables}`
  await client.send(new d.CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'N' }, ...(more.attributes ?? [])],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    ...more.table,
  }))
  const { state } = await d.waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName })
  assert.equal(state, 'SUCCESS')
  return TableName
}

async function collect(pages, member = 'Items') {
  const all = []
  let n = 0
  for await (const page of pages) {
    all.push(...(page[member] ?? []))
    n++
  }
  return { all, n }
}

run([version('@aws-sdk/client-dynamodb'), version('@aws-sdk/lib-dynamodb')].join(', '), {
  async tables() {
    const TableName = await newTable({ table: { Tags: [{ Key: 'team', Value: 'a' }] } })
    const { Table } = await client.send(new d.DescribeTableCommand({ TableName }))
    assert.equal(Table.TableStatus, 'ACTIVE')
    assert.ok(Table.CreationDateTime instanceof Date && Math.abs(Date.now() - Table.CreationDateTime) < 60_000)
    const error = await refused('ResourceInUseException', () => client.send(new d.CreateTableCommand({
      TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
    })))
    assert.ok(error instanceof d.ResourceInUseException)
    assert.match(error.$metadata.requestId, /^[A-Z0-9]{52}$/)
    const { all } = await collect(d.paginateListTables({ client, pageSize: 1 }, {}), 'TableNames')
    assert.ok(all.includes(TableName))
    await client.send(new d.DeleteTableCommand({ TableName }))
    await d.waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName })
    await refused('ResourceNotFoundException', () => client.send(new d.DescribeTableCommand({ TableName })))
  },

  async every_type() {
    const TableName = await newTable()
    const Item = {
      pk: 'types', sk: -1.5, s: 'žluťoučký 🐎', empty: '', n: 12345.678, b: new Uint8Array([0, 255, 16]), yes: true, nothing: null,
      l: ['a', 1, [0.5], {}], m: { x: { y: [null] } }, ss: new Set(['b', 'a']), ns: new Set([1, 2.5]), bs: new Set([new Uint8Array([1])]), left: undefined,
    }
    await docs.send(new doc.PutCommand({ TableName, Item }))
    const got = (await docs.send(new doc.GetCommand({ TableName, Key: { pk: 'types', sk: -1.5 }, ConsistentRead: true }))).Item
    const { left, ...want } = Item
    assert.deepEqual(got, want)
    const digits = '-12345678901234567890.123456789012345678'
    await client.send(new d.PutItemCommand({ TableName, Item: { pk: { S: 'n' }, sk: { N: digits }, big: { N: '9007199254740993' } } }))
    const wrapped = (await exact.send(new doc.QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'n' } }))).Items[0]
    assert.equal(wrapped.sk.value, digits)
    assert.equal(wrapped.big.toBigInt(), 9007199254740993n)
  },

  async items() {
    const TableName = await newTable()
    const Key = { pk: 'a', sk: 1 }
    await document.put({ TableName, Item: { ...Key, n: 1 }, ConditionExpression: 'attribute_not_exists(pk)' })
    const error = await refused('ConditionalCheckFailedException', () => document.update({
      TableName, Key, UpdateExpression: 'SET n = :n', ConditionExpression: 'n > :five', ExpressionAttributeValues: { ':n': 9, ':five': 5 }, ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }))
    assert.equal(error.message, 'The conditional request failed')
    assert.deepEqual(error.Item.n, { N: '1' })
    const { Attributes } = await document.update({
      TableName, Key, UpdateExpression: 'SET n = n + :one, #l = list_append(if_not_exists(#l, :none), :more) ADD tags :t', ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':one': 1, ':none': [], ':more': ['z'], ':t': new Set(['y']) }, ReturnValues: 'ALL_NEW',
    })
    assert.deepEqual(Attributes, { pk: 'a', sk: 1, n: 2, list: ['z'], tags: new Set(['y']) })
    const gone = await document.delete({ TableName, Key, ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL' })
    assert.equal(gone.Attributes.n, 2)
    assert.equal(gone.ConsumedCapacity.CapacityUnits, 1)
    assert.equal((await document.get({ TableName, Key })).Item, undefined)
    await refused('ValidationException', () => document.get({ TableName, Key: { pk: 'a' } }))
    await refused('ResourceNotFoundException', () => document.get({ TableName: 'no-such-table', Key }))
  },

  async queries_and_pages() {
    const TableName = await newTable({
      attributes: [{ AttributeName: 'kind', AttributeType: 'S' }],
      table: { GlobalSecondaryIndexes: [{ IndexName: 'ByKind', KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } }] },
    })
    for (let i = 0; i < 100; i += 25) {
      await docs.send(new doc.BatchWriteCommand({
        RequestItems: { [TableName]: Array.from({ length: 25 }, (_, j) => ({ PutRequest: { Item: { pk: 'p', sk: i + j - 50, kind: (i + j) % 2 ? 'odd' : 'even' } } })) },
      }))
    }
    const query = { TableName, KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b', ExpressionAttributeValues: { ':p': 'p', ':a': -10, ':b': 10 } }
    const pages = await collect(doc.paginateQuery({ client: docs, pageSize: 4 }, query))
    assert.deepEqual(pages.all.map((i) => i.sk), Array.from({ length: 21 }, (_, i) => i - 10))
    assert.equal(pages.n, 6)
    const odd = await docs.send(new doc.QueryCommand({
      TableName, IndexName: 'ByKind', KeyConditionExpression: 'kind = :k', ExpressionAttributeValues: { ':k': 'odd' }, ScanIndexForward: false, Limit: 2, ReturnConsumedCapacity: 'INDEXES',
    }))
    assert.deepEqual(odd.Items.map((i) => i.sk), [49, 47])
    assert.ok(odd.ConsumedCapacity.GlobalSecondaryIndexes.ByKind)
    const scans = await Promise.all([0, 1, 2].map((Segment) => collect(doc.paginateScan({ client: docs, pageSize: 10 }, { TableName, Segment, TotalSegments: 3 }))))
    assert.equal(new Set(scans.flatMap((s) => s.all.map((i) => i.sk))).size, 100)
    const some = await docs.send(new doc.BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ pk: 'p', sk: 1 }, { pk: 'p', sk: 1000 }], ProjectionExpression: 'kind' } } }))
    assert.deepEqual(some.Responses[TableName], [{ kind: 'odd' }])
  },

  async transactions_and_statements() {
    const TableName = await newTable()
    const put = (sk) => ({ Put: { TableName, Item: { pk: 't', sk }, ConditionExpression: 'attribute_not_exists(pk)' } })
    await docs.send(new doc.TransactWriteCommand({ TransactItems: [put(1), put(2)] })) // the SDK makes the token up
    const error = await refused('TransactionCanceledException', () => docs.send(new doc.TransactWriteCommand({ TransactItems: [put(3), put(2)] })))
    assert.deepEqual(error.CancellationReasons.map((r) => r.Code), ['None', 'ConditionalCheckFailed'])
    const { Responses } = await docs.send(new doc.TransactGetCommand({ TransactItems: [1, 3].map((sk) => ({ Get: { TableName, Key: { pk: 't', sk } } })) }))
    assert.deepEqual(Responses.map((r) => r.Item?.sk), [1, undefined])
    await docs.send(new doc.ExecuteStatementCommand({ Statement: `UPDATE "${TableName}" SET n = ? WHERE pk = ? AND sk = ?`, Parameters: [7, 't', 1] }))
    const { Items } = await docs.send(new doc.ExecuteStatementCommand({ Statement: `SELECT n FROM "${TableName}" WHERE pk = 't' AND sk = 1` }))
    assert.deepEqual(Items, [{ n: 7 }])
  },

  async stream() {
    const TableName = await newTable({ table: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } })
    await document.put({ TableName, Item: { pk: 'a', sk: 1, v: 'old' } })
    await document.put({ TableName, Item: { pk: 'a', sk: 1, v: 'new' } })
    const reader = new streams.DynamoDBStreamsClient({})
    const { Streams } = await reader.send(new streams.ListStreamsCommand({ TableName }))
    const { StreamDescription } = await reader.send(new streams.DescribeStreamCommand({ StreamArn: Streams[0].StreamArn }))
    const { ShardIterator } = await reader.send(new streams.GetShardIteratorCommand({
      StreamArn: Streams[0].StreamArn, ShardId: StreamDescription.Shards[0].ShardId, ShardIteratorType: 'TRIM_HORIZON',
    }))
    const { Records } = await reader.send(new streams.GetRecordsCommand({ ShardIterator }))
    assert.deepEqual(Records.map((r) => [r.eventName, r.dynamodb.OldImage?.v.S, r.dynamodb.NewImage.v.S]), [['INSERT', undefined, 'old'], ['MODIFY', 'old', 'new']])
  },
})
