// OneTable against the embedded engine: the schema of its README, and its calls in the README's order.
'use strict'

const { assert, refused, run, version } = require('./check.cjs')
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const { Table } = require('dynamodb-onetable')

const table = new Table({
  client: new DynamoDBClient({ maxAttempts: 1 }),
  name: 'MyTable',
  partial: true,
  schema: {
    format: 'onetable:1.1.0', version: '0.0.1',
    indexes: { primary: { hash: 'pk', sort: 'sk' }, gs1: { hash: 'gs1pk', sort: 'gs1sk', follow: true }, ls1: { sort: 'id', type: 'local' } },
    models: {
      Account: {
        pk: { type: String, value: 'account:${id}' },
        sk: { type: String, value: 'account:' },
        id: { type: String, generate: 'ulid' },
        name: { type: String, required: true },
        status: { type: String, default: 'active' },
        zip: { type: String },
      },
      User: {
        pk: { type: String, value: 'account:${accountName}' },
        sk: { type: String, value: 'user:${email}' },
        id: { type: String, required: true, generate: 'ulid' },
        accountName: { type: String, required: true },
        email: { type: String, required: true },
        role: { type: String, enum: ['user', 'admin'], required: true, default: 'user' },
        balance: { type: Number, default: 0 },
        gs1pk: { type: String, value: 'user-email:${email}' },
        gs1sk: { type: String, value: 'user:' },
      },
    },
    params: { isoDates: true, timestamps: true },
  },
})
const Account = table.getModel('Account')
const User = table.getModel('User')
const id = '8e7bbe6a-4afc-4117-9218-67081afc935b'

run(version('dynamodb-onetable'), {
  async makes_the_table() {
    assert.equal(await table.exists(), false)
    await table.createTable({ provisioned: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } })
    assert.equal(await table.exists(), true)
  },

  async creates_and_gets() {
    const made = await Account.create({ id, name: 'Acme Airplanes', zip: '98034' })
    assert.equal(made.status, 'active')
    const { created, updated, ...account } = await Account.get({ id })
    assert.deepEqual(account, { id, name: 'Acme Airplanes', status: 'active', zip: '98034' })
    assert.ok(created instanceof Date && updated instanceof Date)
    await refused('OneTableError', () => Account.create({ id, name: 'Again' }))
  },

  async finds() {
    for (let i = 0; i < 12; i++) {
      await User.create({ accountName: 'Acme', email: `user${i}@example.com`, role: i % 4 ? 'user' : 'admin', balance: i * 20 })
    }
    assert.equal((await User.get({ email: 'user3@example.com' }, { index: 'gs1', follow: true })).balance, 60)
    assert.equal((await User.find({ accountName: 'Acme' })).length, 12)
    assert.equal((await User.find({ accountName: 'Acme', role: 'admin' })).length, 3)
    assert.equal((await User.find({ accountName: 'Acme' }, { where: '${balance} > {100.00}' })).length, 6)
    assert.equal((await User.find({ accountName: 'Acme', role: 'admin' }, { count: true })).count, 3)
    let next
    let seen = 0
    do {
      const page = await User.find({ accountName: 'Acme' }, { limit: 5, next })
      seen += page.length
      next = page.next
    } while (next)
    assert.equal(seen, 12)
  },

  async updates() {
    const key = { accountName: 'Acme', email: 'user1@example.com' }
    assert.equal((await User.update({ ...key, balance: 50 })).balance, 50)
    assert.equal((await User.update(key, { add: { balance: 10.0 } })).balance, 60)
    assert.equal((await User.update(key, { set: { role: 'admin' } })).role, 'admin')
    await refused('OneTableError', () => User.update({ ...key, balance: 1 }, { where: '${balance} < {5}' }))
    await User.remove(key)
    assert.equal(await User.get(key), undefined)
  },

  async writes_transactions() {
    const transaction = {}
    await Account.update({ id, status: 'inactive' }, { transaction })
    await User.update({ accountName: 'Acme', email: 'user2@example.com', role: 'admin' }, { transaction })
    await table.transact('write', transaction)
    assert.equal((await Account.get({ id })).status, 'inactive')
  },

  async ends() {
    await table.deleteTable('DeleteTableForever')
    assert.equal(await table.exists(), false)
  },
})
