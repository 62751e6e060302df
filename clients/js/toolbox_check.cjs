// DynamoDB-Toolbox against the embedded engine: the table and the entity of its guide, and its actions.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')
const { DynamoDBClient, CreateTableCommand } = require('@aws-sdk/client-dynamodb')
const { DynamoDBDocumentClient } = require('@aws-sdk/lib-dynamodb')
const tb = require('dynamodb-toolbox')

const client = new DynamoDBClient({ maxAttempts: 1 })
const PokeTable = new tb.Table({
  name: 'poke-table', partitionKey: { name: 'partitionKey', type: 'string' }, sortKey: { name: 'sortKey', type: 'string' }, documentClient: DynamoDBDocumentClient.from(client),
})
const Pokemon = new tb.Entity({
  name: 'POKEMON', table: PokeTable,
  schema: tb.schema({
    pokemonClass: tb.string().key().transform(tb.prefix('POKEMON')).savedAs('partitionKey'),
    pokemonId: tb.string().key().savedAs('sortKey'),
    level: tb.number().default(1),
    types: tb.set(tb.string()).optional(),
    moves: tb.list(tb.string()).optional(),
  }),
})
const pikachu = { pokemonClass: 'pikachu', pokemonId: '1' }

run(version('dynamodb-toolbox'), {
  async puts_gets_and_updates() {
    const key = (AttributeName, KeyType) => ({ AttributeName, KeyType })
    await client.send(new CreateTableCommand({
      TableName: 'poke-table', BillingMode: 'PAY_PER_REQUEST', KeySchema: [key('partitionKey', 'HASH'), key('sortKey', 'RANGE')],
      AttributeDefinitions: ['partitionKey', 'sortKey'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }))
    await Pokemon.build(tb.PutItemCommand).item({ ...pikachu, level: 5, types: new Set(['e']), moves: ['m'] }).send()
    assert.equal((await Pokemon.build(tb.GetItemCommand).key(pikachu).send()).Item.level, 5)
    const update = Pokemon.build(tb.UpdateItemCommand).item({ ...pikachu, level: tb.$add(2), moves: tb.$append(['n']) })
      .options({ returnValues: 'ALL_NEW', condition: { attr: 'level', lte: 5 } })
    const { Attributes } = await update.send()
    assert.deepEqual([Attributes.level, Attributes.moves, [...Attributes.types]], [7, ['m', 'n'], ['e']])
    await refused('ConditionalCheckFailedException', () => update.send())
  },

  async reads_many() {
    const many = Array.from({ length: 20 }, (_, i) => Pokemon.build(tb.BatchPutRequest).item({ pokemonClass: 'pikachu', pokemonId: `b${i}`, level: i }))
    await tb.executeBatchWrite(PokeTable.build(tb.BatchWriteCommand).requests(...many))
    const query = PokeTable.build(tb.QueryCommand).query({ partition: 'POKEMON#pikachu', range: { beginsWith: 'b' } }).entities(Pokemon)
    assert.equal((await query.options({ filters: { POKEMON: { attr: 'level', gt: 9 } }, maxPages: 9, limit: 3 }).send()).Items.length, 10)
    assert.equal((await PokeTable.build(tb.ScanCommand).entities(Pokemon).options({ maxPages: Infinity, limit: 4 }).send()).Items.length, 21)
  },

  async writes_transactions() {
    const error = await refused('TransactionCanceledException', () => tb.executeTransactWrite(
      Pokemon.build(tb.PutTransaction).item({ pokemonClass: 'x', pokemonId: '1' }),
      Pokemon.build(tb.ConditionCheck).key(pikachu).condition({ attr: 'level', gt: 100 })))
    assert.deepEqual(error.CancellationReasons.map((r) => r.Code), ['None', 'ConditionalCheckFailed'])
  },
})
