// Dynamoose against the embedded engine: a model and a table as its guide makes them, and what it does on its own: it describes, creates and updates the
// table, tags it and turns on time to live.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')
const dynamoose = require('dynamoose')

const ddb = new dynamoose.aws.ddb.DynamoDB({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB })
dynamoose.aws.ddb.set(ddb)

const Cat = dynamoose.model('Cat', new dynamoose.Schema({
  id: { type: String, hashKey: true },
  name: { type: String, index: { name: 'nameIndex', type: 'global' } },
  age: Number,
  born: Date,
  tags: { type: Set, schema: [String] },
  friends: { type: Array, schema: [String] },
  info: { type: Object, schema: { a: Number } },
  photo: Buffer,
}, { timestamps: true }))
const table = new dynamoose.Table('Cats', [Cat], { throughput: 'ON_DEMAND', update: true, tags: { a: 'b' }, expires: { ttl: 3600000, attribute: 'ttl' }, initialize: false })

run(version('dynamoose'), {
  async makes_the_table() {
    await table.initialize()
    const { Table } = await ddb.describeTable({ TableName: 'Cats' })
    assert.deepEqual(Table.GlobalSecondaryIndexes.map((i) => i.IndexName), ['nameIndex'])
    assert.equal((await ddb.describeTimeToLive({ TableName: 'Cats' })).TimeToLiveDescription.AttributeName, 'ttl')
    assert.deepEqual((await ddb.listTagsOfResource({ ResourceArn: Table.TableArn })).Tags, [{ Key: 'a', Value: 'b' }])
  },

  async saves_and_gets() {
    const born = new Date('2026-01-02T03:04:05Z')
    await new Cat({ id: '1', name: 'Fluffy', age: 3, born, tags: new Set(['x']), friends: ['a'], info: { a: 1 }, photo: Buffer.from('zz') }).save()
    const cat = await Cat.get('1')
    assert.deepEqual([cat.name, cat.born, [...cat.tags], cat.friends, cat.info.a, cat.photo.toString()], ['Fluffy', born, ['x'], ['a'], 1, 'zz'])
    await refused('ConditionalCheckFailedException', () => Cat.create({ id: '1', name: 'again' }))
  },

  async queries_and_scans() {
    await Cat.batchPut(Array.from({ length: 25 }, (_, i) => ({ id: `b${i}`, name: i % 2 ? 'odd' : 'even', age: i })))
    assert.equal((await Cat.query('name').eq('odd').using('nameIndex').where('age').gt(10).exec()).length, 7)
    assert.equal((await Cat.query('name').eq('odd').count().exec()).count, 12)
    assert.equal((await Cat.query('name').eq('odd').limit(2).all().exec()).length, 12)
    assert.equal((await Cat.scan('age').between(5, 9).exec()).length, 5)
    assert.equal((await Cat.scan().parallel(3).all().exec()).length, 26)
    assert.equal((await Cat.batchGet(['b1', 'b2', 'none'])).length, 2)
  },

  async updates_and_writes_transactions() {
    const condition = new dynamoose.Condition().filter('age').exists()
    const cat = await Cat.update({ id: '1' }, { $ADD: { age: 2, friends: ['q'] }, $REMOVE: ['born'], $SET: { name: 'N' } }, { condition })
    assert.deepEqual([cat.age, cat.friends, cat.born, cat.name], [5, ['a', 'q'], undefined, 'N'])
    const error = await refused('TransactionCanceledException', () => dynamoose.transaction([
      Cat.transaction.create({ id: 'new' }), Cat.transaction.condition('b1', new dynamoose.Condition('age').gt(100))]))
    assert.deepEqual(error.CancellationReasons.map((r) => r.Code), ['None', 'ConditionalCheckFailed'])
    await Cat.delete('1')
    assert.equal(await Cat.get('1'), undefined)
  },
})
