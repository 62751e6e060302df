// aws-lite against the embedded engine: a client of its own making, with its own signer, marshaller and paginator, which sends application/json.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')

const client = (async () => {
  const [{ default: awsLite }, plugin] = await Promise.all([import(require.resolve('@aws-lite/client')), import(require.resolve('@aws-lite/dynamodb'))])
  return (await awsLite({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB, region: 'us-west-2', plugins: [plugin] })).DynamoDB
})()
const TableName = 'lite-pets'
// Made anew for each call, since a call replaces what it is given with what it sends.
const spot = () => ({ TableName, Key: { kind: 'dog', name: 'Spot' } })

run(version('@aws-lite/client'), {
  async makes_a_table_and_writes_items() {
    const db = await client
    const { TableDescription } = await db.CreateTable({
      TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }, { AttributeName: 'name', KeyType: 'RANGE' }],
      AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }, { AttributeName: 'name', AttributeType: 'S' }],
    })
    assert.match(TableDescription.TableArn, /^arn:aws:dynamodb:us-west-2:\d{12}:table\/lite-pets$/)
    const Item = { ...spot().Key, age: 3, weight: 1.5, toys: ['ball', null, { é: '😀' }], tags: new Set(['good']), vaccinated: true }
    await db.PutItem({ TableName, Item: { ...Item } })
    assert.deepEqual((await db.GetItem({ ...spot(), ConsistentRead: true })).Item, Item)
    const { Attributes } = await db.UpdateItem({
      ...spot(), UpdateExpression: 'SET age = age + :one', ExpressionAttributeValues: { ':one': 1 }, ReturnValues: 'UPDATED_NEW',
    })
    assert.deepEqual(Attributes, { age: 4 })
  },

  async reads_all_pages() {
    const db = await client
    for (let batch = 0; batch < 2; batch++) {
      const puts = Array.from({ length: 20 }, (_, i) => ({ PutRequest: { Item: { kind: 'cat', name: `${batch}-${i}`, diary: 'x'.repeat(60_000) } } }))
      const { UnprocessedItems } = await db.BatchWriteItem({ RequestItems: { [TableName]: puts } })
      assert.deepEqual(UnprocessedItems, {})
    }
    const query = { TableName, KeyConditionExpression: 'kind = :k', ExpressionAttributeValues: { ':k': 'cat' } }
    const first = await db.Query(query)
    assert.ok(first.LastEvaluatedKey && first.Items.length < 40)
    assert.equal((await db.Query({ ...query, paginate: true })).Items.length, 40)
    assert.equal((await db.Scan({ TableName, paginate: true })).Items.length, 41)
  },

  async says_what_is_wrong() {
    const db = await client
    await refused('ConditionalCheckFailedException', () => db.PutItem({ TableName, Item: spot().Key, ConditionExpression: 'attribute_not_exists(kind)' }))
    const missing = await refused('ResourceNotFoundException', () => db.GetItem({ ...spot(), TableName: 'lite-none' }))
    assert.match(missing.message, /Requested resource not found/)
    const cancelled = await refused('TransactionCanceledException', () => db.TransactWriteItems({
      TransactItems: [{ Delete: spot() }, { ConditionCheck: { TableName, Key: { kind: 'dog', name: 'Rex' }, ConditionExpression: 'attribute_exists(kind)' } }],
    }))
    assert.match(cancelled.message, /\[None, ConditionalCheckFailed\]/)
    assert.equal((await db.GetItem(spot())).Item.age, 4)
  },

  async deletes() {
    const db = await client
    assert.equal((await db.DeleteItem({ ...spot(), ReturnValues: 'ALL_OLD' })).Attributes.age, 4)
    assert.equal((await db.GetItem(spot())).Item, undefined)
    await db.DeleteTable({ TableName })
    assert.equal((await db.ListTables({ paginate: true })).TableNames.includes(TableName), false)
  },
})
