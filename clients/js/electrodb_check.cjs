// ElectroDB, a popular library for single-table designs, against the embedded engine: the task of its README, and a service
// of two entities, as its documentation builds it up.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')
const { DynamoDBClient, CreateTableCommand } = require('@aws-sdk/client-dynamodb')
const { Entity, Service } = require('electrodb')

const client = new DynamoDBClient({ maxAttempts: 1 })
const table = 'electro'

const tasks = new Entity({
  model: { entity: 'tasks', version: '1', service: 'taskapp' },
  attributes: {
    team: { type: 'string', required: true },
    task: { type: 'string', required: true },
    project: { type: 'string', required: true },
    user: { type: 'string' },
    title: { type: 'string' },
    status: { type: ['open', 'in-progress', 'closed'], default: 'open' },
    points: { type: 'number', default: 0 },
    tags: { type: 'set', items: 'string' },
    comments: { type: 'list', default: [], items: { type: 'map', properties: { user: { type: 'string' }, body: { type: 'string' } } } },
    createdAt: { type: 'number', default: () => Date.now(), readOnly: true },
    updatedAt: { type: 'number', watch: '*', set: () => Date.now() },
  },
  indexes: {
    projects: { pk: { field: 'pk', composite: ['team'] }, sk: { field: 'sk', composite: ['project', 'task'] } },
    assigned: { collection: 'assignments', index: 'gsi1pk-gsi1sk-index', pk: { field: 'gsi1pk', composite: ['user'] }, sk: { field: 'gsi1sk', composite: ['status'] } },
  },
}, { client, table })

const users = new Entity({
  model: { entity: 'user', version: '1', service: 'taskapp' },
  attributes: { team: { type: 'string' }, user: { type: 'string' }, firstName: { type: 'string' } },
  indexes: {
    members: { pk: { field: 'pk', composite: ['team'] }, sk: { field: 'sk', composite: ['user'] } },
    user: { collection: 'assignments', index: 'gsi1pk-gsi1sk-index', pk: { field: 'gsi1pk', composite: ['user'] }, sk: { field: 'gsi1sk', composite: [] } },
  },
}, { client, table })

const app = new Service({ tasks, users }, { client, table })
const readme = { team: 'core', task: '45-662', project: 'backend' }

run(version('electrodb'), {
  async makes_the_table() {
    const key = (name, type) => ({ AttributeName: name, KeyType: type })
    await client.send(new CreateTableCommand({
      TableName: table, BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      GlobalSecondaryIndexes: [{ IndexName: 'gsi1pk-gsi1sk-index', KeySchema: [key('gsi1pk', 'HASH'), key('gsi1sk', 'RANGE')], Projection: { ProjectionType: 'ALL' } }],
    }))
  },

  async patches_as_the_readme_does() {
    await tasks.create({ ...readme, user: 'janet', title: 'Turn this into this', status: 'in-progress', tags: ['db'] }).go()
    const patch = () => tasks.patch(readme).set({ status: 'open' }).add({ points: 5 })
      .append({ comments: [{ user: 'janet', body: 'This seems half-baked.' }] })
      .where(({ status }, { eq }) => eq(status, 'in-progress'))
    const { data } = await patch().go({ response: 'all_new' })
    assert.deepEqual([data.status, data.points, data.comments, data.tags], ['open', 5, [{ user: 'janet', body: 'This seems half-baked.' }], ['db']])
    const again = await refused('ElectroError', () => patch().go()) // it is open now
    assert.match(again.message, /The conditional request failed/)
  },

  async creates_once_and_patches_what_exists() {
    await refused('ElectroError', () => tasks.create({ ...readme, user: 'janet' }).go())
    await refused('ElectroError', () => tasks.patch({ ...readme, task: 'none' }).set({ status: 'closed' }).go())
    assert.equal((await tasks.get({ ...readme, task: 'none' }).go()).data, null)
    const { data } = await tasks.upsert({ ...readme, task: '45-663', points: 1 }).go({ response: 'all_new' })
    assert.equal(data.points, 1)
  },

  async queries_with_sort_keys_filters_and_cursors() {
    await tasks.put(Array.from({ length: 40 }, (_, i) => ({ ...readme, project: i % 2 ? 'odd' : 'even', task: `t${String(i).padStart(2, '0')}`, user: 'bob', points: i }))).go()
    const { data } = await tasks.query.projects({ team: 'core', project: 'even' }).between({ task: 't10' }, { task: 't20' }).where(({ points }, { gt }) => gt(points, 12)).go()
    assert.deepEqual(data.map((t) => t.points), [14, 16, 18, 20])
    let cursor = null
    const seen = []
    do {
      const page = await tasks.query.projects({ team: 'core', project: 'odd' }).go({ cursor, limit: 6, order: 'desc' })
      seen.push(...page.data.map((t) => t.points))
      cursor = page.cursor
    } while (cursor !== null)
    assert.deepEqual(seen, Array.from({ length: 20 }, (_, i) => 39 - 2 * i))
    const every = await tasks.scan.where(({ user }, { eq }) => eq(user, 'bob')).go({ pages: 'all' })
    assert.equal(every.data.length, 40)
  },

  async gets_and_deletes_in_batches() {
    const keys = Array.from({ length: 40 }, (_, i) => ({ ...readme, project: i % 2 ? 'odd' : 'even', task: `t${String(i).padStart(2, '0')}` }))
    const got = await tasks.get(keys).go()
    assert.equal(got.data.length, 40)
    await tasks.delete(keys).go()
    assert.equal((await tasks.get(keys).go()).data.length, 0)
  },

  async reads_two_entities_at_once() {
    await users.put({ team: 'core', user: 'janet', firstName: 'Janet' }).go()
    const { data } = await app.collections.assignments({ user: 'janet' }).go()
    assert.deepEqual([data.users.map((u) => u.firstName), data.tasks.map((t) => t.task)], [['Janet'], ['45-662']])
  },

  async writes_transactions() {
    const write = (name) => app.transaction.write(({ tasks, users }) => [
      tasks.patch(readme).set({ title: name }).commit(),
      users.create({ team: 'core', user: name }).commit({ response: 'all_old' }),
    ]).go()
    assert.equal((await write('mia')).canceled, false)
    const { canceled, data } = await write('mia')
    assert.equal(canceled, true)
    assert.deepEqual(data.map((d) => d.code), ['None', 'ConditionalCheckFailed'])
    const read = await app.transaction.get(({ users }) => [users.get({ team: 'core', user: 'mia' }).commit()]).go()
    assert.equal(read.data[0].item.user, 'mia')
  },
})
